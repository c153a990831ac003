import { clsx } from 'clsx';
import { formatCount } from '@/app/_components/format/number';
import type { Problem, ProblemCounts } from '@/lib/core/chain/problem';

/** What is wrong with a log, in its order. */
export function Problems({
  problems,
  counts,
  name,
}: {
  problems: readonly Problem[];
  counts: ProblemCounts;
  name: string;
}) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="border-t">
      <h3 className="px-4 pt-3 font-medium">
        {total > problems.length
          ? `${formatCount(problems.length)} of ${formatCount(total)} problems`
          : `${formatCount(total)} ${total === 1 ? 'problem' : 'problems'}`}
      </h3>
      <div tabIndex={0} role="region" aria-label={`Problems of ${name}`} className="max-h-[28rem] overflow-y-auto">
        <ol className="divide-y divide-line">
          {problems.map(({ code, severity, record, line, byteOffset, expected, found, message }) => (
            <li key={`${code} ${byteOffset} ${message}`} className="px-4 py-2.5">
              <p className="tabular flex flex-wrap gap-x-3 text-base">
                <span className={clsx('font-medium', severity === 'error' ? 'text-v-tampered' : 'text-v-warnings')}>
                  Record {formatCount(record)}
                </span>
                <span className="text-faint">
                  line {formatCount(line)}, byte {formatCount(byteOffset)}
                </span>
              </p>
              <p>{message}</p>
              {(expected !== null || found !== null) && (
                <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 font-mono text-xs text-muted">
                  {expected !== null && <dt>expected</dt>}
                  {expected !== null && <dd className="break-all">{expected}</dd>}
                  {found !== null && <dt>found</dt>}
                  {found !== null && <dd className="break-all">{found}</dd>}
                </dl>
              )}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
