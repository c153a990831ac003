import { Download } from 'lucide-react';
import type { Period } from '@/lib/schemas/common';
import { Prose } from './section';

const KINDS = [
  ['access-log', 'Access log', 'every record of the period, one a row'],
  ['blocked', 'Blocked accesses', 'every refusal with its reason and policy'],
  ['secret-events', 'Secret events', 'every record in which secrets were redacted'],
  ['integrity', 'Integrity', 'every chain with the records valid and in all, gaps in time and problems of the period'],
  ['findings', 'Findings', 'what the rules found, with level, window and status'],
  ['rule-looks', 'Rule looks', 'when the rules looked, and what came of it, also where they found nothing'],
] as const;

/** Address of a CSV of the period. */
export function csvHref(kind: (typeof KINDS)[number][0], period: Period): string {
  return `/api/v1/reports/${kind}.csv?from=${encodeURIComponent(period.from)}&to=${encodeURIComponent(period.to)}`;
}

/** Address of the report of the period as a document. */
export function pdfHref({ from, to }: Period): string {
  return `/api/v1/reports/report.pdf?${new URLSearchParams({ from, to })}`;
}

export function Exports({ period }: { period: Period }) {
  return (
    <>
      <Prose>
        Every figure above is counted from these records; each row names its chain, position and hash, so that it can be
        compared with the evidence. This report is evidence, not a statement of compliance.
      </Prose>
      <ul className="divide-y divide-line border-y text-sm">
        {KINDS.map(([kind, label, text]) => (
          <li key={kind}>
            <a href={csvHref(kind, period)} download className="group flex min-h-11 items-center gap-3 hover:bg-hover">
              <Download size={15} aria-hidden className="no-print text-faint" />
              <span className="font-medium group-hover:underline">{label}</span>
              <span className="flex-1 text-muted max-sm:hidden">{text}</span>
              <span className="font-mono text-xs text-faint">{kind}.csv</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
