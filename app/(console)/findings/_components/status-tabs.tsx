import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import { formatCountedShort } from '@/app/_components/format/counted';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import { LEVELS, LEVEL_LOOK } from '@/app/_components/verdict/levels';
import { MOST_COUNTED } from '@/lib/schemas/most-counted';
import type { FindingStatus } from '@/lib/schemas/triage';

/** What the API calls what the page's address says. */
const PARAMETER: Readonly<Record<string, string>> = {
  chain: 'chainId',
  rule: 'ruleId',
  assignee: 'assigneeId',
  suppression: 'suppressionId',
};
type Props = {
  /** As far as they are counted. */
  counts: Readonly<Record<FindingStatus, number>>;
  current: FindingStatus;
  /** What the list is narrowed by, as its address says it. */
  filter: URLSearchParams;
};

/** Findings by status with their counts, and by level. */
export function StatusTabs({ counts, current, filter }: Props) {
  const chosen = filter.get('level') ?? undefined;
  const href = (next: { status: FindingStatus; level?: string | undefined }): string => {
    const query = new URLSearchParams([['status', next.status], ...filter]);
    query.delete('level');
    if (next.level) query.set('level', next.level);
    return `/findings?${query}`;
  };
  const exported = new URLSearchParams([
    ['status', current],
    ...[...filter].map(([name, value]): [string, string] => [PARAMETER[name] ?? name, value]),
  ]);
  return (
    <div className="no-print mb-4 flex flex-wrap items-end justify-between gap-x-6 border-b">
      <nav aria-label="Findings by status" className="max-w-full overflow-x-auto">
        <ul className="flex gap-1">
          {STATUSES.map((status) => (
            <li key={status}>
              <Link
                href={href({ status, level: chosen })}
                aria-current={status === current ? 'page' : undefined}
                className={clsx(
                  '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-3 whitespace-nowrap',
                  status === current ? 'border-ink font-medium' : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {STATUS_WORDS[status]}
                <span className="text-xs text-faint tabular">{formatCountedShort(counts[status])}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <nav aria-label="Findings by level" className="-mb-px overflow-x-auto">
        <ul className="flex gap-1 text-xs">
          {[undefined, ...LEVELS].map((level) => (
            <li key={level ?? 'any'}>
              <Link
                href={href({ status: current, level })}
                aria-current={level === chosen ? 'true' : undefined}
                className={clsx(
                  'flex h-9 items-center px-2',
                  level === chosen ? 'font-medium text-ink underline underline-offset-4' : 'text-muted hover:text-ink',
                )}
              >
                {level ? LEVEL_LOOK[level].word : 'Any level'}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <span className="flex gap-4 text-xs">
        {['rule', 'chain', 'from', 'foundFrom', 'suppression'].some((name) => filter.has(name)) && (
          <Link href="/findings" className="link inline-flex min-h-6 items-center">
            Narrowed; show all
          </Link>
        )}
        <Link href="/cases" className="link inline-flex min-h-6 items-center md:hidden">
          Cases
        </Link>
        <Link href="/rules" className="link inline-flex min-h-6 items-center md:hidden">
          Rules
        </Link>
      </span>
      <ExportCsv
        href={`/api/v1/findings.csv?${exported}`}
        rows={counts[current] < MOST_COUNTED ? counts[current] : null}
        others={[
          { label: 'OCSF', href: `/api/v1/findings.ocsf.ndjson?${exported}` },
          { label: 'SARIF', href: `/api/v1/findings.sarif?${exported}` },
        ]}
      />
    </div>
  );
}
