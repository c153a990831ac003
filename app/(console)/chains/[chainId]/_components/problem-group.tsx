import { clsx } from 'clsx';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RecordLink } from '@/app/_components/ribbon/record-link';
import { HashCompare } from '@/app/_components/ribbon/hash-compare';
import { PROBLEM_TITLES } from '@/app/_components/verdict/problem-titles';
import { PROBLEM_WORDS } from '@/app/_components/verdict/problems';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { PROBLEM_VERDICT, type ProblemCode } from '@/lib/core/chain/problem';
import type { Problem } from '@/lib/schemas/chains';

/** Places open by default; the rest of a kind fold away. */
const OPEN = 5;

/** One kind of problem: what follows from it, what to do, and every place it was found at. */
export function ProblemGroup({
  chainId,
  records,
  code,
  problems,
  total,
}: {
  chainId: string;
  records: number;
  code: ProblemCode;
  problems: readonly Problem[];
  total: number;
}) {
  const { consequence, action } = PROBLEM_WORDS[code];
  const title = PROBLEM_TITLES[code];
  const { icon: Icon, tone, word } = VERDICT_LOOK[PROBLEM_VERDICT[code]];
  const rest = problems.slice(OPEN);
  return (
    <section aria-labelledby={`problem-${code}`} className="card">
      <header className="grid gap-x-8 gap-y-3 border-b px-4 py-3 lg:grid-cols-[minmax(0,18rem)_1fr_1fr]">
        <div>
          <h2 id={`problem-${code}`} className="flex items-start gap-2 text-base leading-5 font-medium">
            <span style={{ color: tone }} title={word}>
              <Icon size={18} className="mt-0.5" />
            </span>
            {title}
          </h2>
          <p className="mt-1 pl-6.5 text-xs text-muted">
            {formatNoun(total, 'place')}, <span style={{ color: tone }}>{word.toLowerCase()}</span>
          </p>
        </div>
        <div>
          <h3 className="text-xs text-faint">What follows</h3>
          <p>{consequence}</p>
        </div>
        <div>
          <h3 className="text-xs text-faint">What to do</h3>
          <p>{action}</p>
        </div>
      </header>
      <Places chainId={chainId} records={records} problems={problems.slice(0, OPEN)} />
      {rest.length > 0 && (
        <details className="border-t">
          <summary className="px-4 py-2 text-xs text-muted hover:text-ink">
            {formatNoun(rest.length, 'more place')}
          </summary>
          <Places chainId={chainId} records={records} problems={rest} className="border-t" />
        </details>
      )}
    </section>
  );
}

function Places({
  chainId,
  records,
  problems,
  className,
}: {
  chainId: string;
  records: number;
  problems: readonly Problem[];
  className?: string;
}) {
  return (
    <ol className={clsx('divide-y divide-line', className)}>
      {problems.map((problem) => (
        <Place key={`${problem.byteOffset} ${problem.record}`} chainId={chainId} records={records} problem={problem} />
      ))}
    </ol>
  );
}

function Place({ chainId, records, problem }: { chainId: string; records: number; problem: Problem }) {
  return (
    <li
      className={clsx(
        'grid gap-x-8 gap-y-2 px-4 py-3',
        problem.expected || problem.found ? 'lg:grid-cols-[minmax(0,18rem)_1fr]' : '',
      )}
    >
      <div className="min-w-0">
        <p className="font-medium tabular">
          <RecordLink chainId={chainId} record={problem.record} records={records} />
        </p>
        <p className="text-xs text-muted tabular">
          line {formatCount(problem.line)}, byte {formatCount(problem.byteOffset)}
          {problem.byteLength > 0 && `, ${formatNoun(problem.byteLength, 'byte')} long`}
        </p>
      </div>
      <div className="min-w-0 space-y-2">
        <p className="max-w-[80ch] [overflow-wrap:anywhere]">{problem.message}</p>
        <HashCompare expected={problem.expected} found={problem.found} />
      </div>
    </li>
  );
}
