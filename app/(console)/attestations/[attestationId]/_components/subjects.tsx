import { Download } from 'lucide-react';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import type { Attestation } from '@/lib/schemas/attestations';

type Props = { subjects: Attestation['subjects']; stored: ReadonlySet<string>; bundleSha256: string };

/** What the statement is about, by the SHA-256 of its bytes. */
export function Subjects({ subjects, stored, bundleSha256 }: Props) {
  // a whole file of one segment is named twice, once as sent and once by its digest
  const byDigest = new Map(
    [...Map.groupBy(subjects, ({ sha256 }) => sha256)].map(([sha256, same]) => [
      sha256,
      same.flatMap(({ name }) => (name.startsWith(sha256) ? [] : [name])),
    ]),
  );
  return (
    <Card title="Subjects" flush>
      <ul className="divide-y divide-line">
        {[...byDigest].map(([sha256, names]) => (
          <li key={sha256} className="flex items-center gap-3 px-4 py-2">
            <div className="min-w-0 flex-1">
              <p className="[overflow-wrap:anywhere]">
                {names.join(', ') || 'Segment'}
                {stored.has(sha256) && names.length > 0 && <span className="text-faint"> stored as a segment</span>}
              </p>
              <Hash value={sha256} whole className="text-muted" />
            </div>
            {stored.has(sha256) && (
              <a
                href={`/api/v1/segments/${sha256}/bytes`}
                download
                aria-label={`Download the bytes of ${names[0] ?? 'the segment'}`}
                className="grid size-8 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
              >
                <Download size={15} aria-hidden />
              </a>
            )}
          </li>
        ))}
      </ul>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 border-t bg-paper/60 px-4 py-2 text-muted">
        <dt className="pt-1 text-xs text-faint">Bundle</dt>
        <dd>
          <Hash value={bundleSha256} whole />
        </dd>
      </dl>
    </Card>
  );
}
