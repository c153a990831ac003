import { Link } from '@/app/_components/ui/link';
import { formatDuration } from '@/app/_components/format/duration';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RecordLink } from '@/app/_components/ribbon/record-link';
import { TimeSpan } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { inputClass } from '@/app/_components/ui/field';
import { PROBLEM_TITLES } from '@/app/_components/verdict/problem-titles';
import type { ProblemCode } from '@/lib/core/chain/problem';
import type { ChainDetail, ChainSummary } from '@/lib/schemas/chains';

type Props = {
  chain: ChainDetail;
  period: { from: string | null; to: string | null } | null;
  /** Null while it cannot be told. */
  summary: ChainSummary | null;
  tab: string;
};

/** What the chain holds of a period: folded until days are asked for. A plain form, so that the answer has an address. */
export function PeriodSummary({ chain, period, summary, tab }: Props) {
  const [first, last] = [chain.firstRecordedAt?.slice(0, 10), chain.lastRecordedAt?.slice(0, 10)];
  if (!first || !last) return null;
  return (
    <details open={period !== null}>
      <summary className="text-muted hover:text-ink">Summary of a period</summary>
      <div className="card mt-2 space-y-3 px-4 py-3">
        <form method="get" className="no-print flex flex-wrap items-end gap-3">
          <input type="hidden" name="tab" value={tab} />
          <DayField label="From" name="from" value={period?.from ?? first} />
          <DayField label="To" name="to" value={period?.to ?? last} />
          <button type="submit" className={buttonClass('plain')}>
            Sum up
          </button>
          {period && (
            <Link className={buttonClass('ghost')} href={`/chains/${chain.id}?tab=${tab}`}>
              Clear
            </Link>
          )}
          <span className="pb-2 text-2xs text-faint">Whole days, UTC</span>
        </form>
        {period &&
          (summary ? (
            <Found chain={chain} summary={summary} />
          ) : (
            <p role="status">The records are still being loaded; the figures come when they are.</p>
          ))}
      </div>
    </details>
  );
}

/** Gaps shown at once; more of them fold away. */
const OPEN = 5;

function TimeGaps({ chain, gaps }: { chain: ChainDetail; gaps: ChainSummary['gaps'] }) {
  return gaps.map(({ record, from, to, seconds }) => (
    <span key={record} className="block">
      {formatDuration(seconds * 1000)} before <RecordLink chainId={chain.id} record={record} records={chain.records} />,{' '}
      <TimeSpan from={from} to={to} />
    </span>
  ));
}

function DayField({ label, name, value }: { label: string; name: string; value: string }) {
  return (
    <label className="flex flex-col gap-1 text-xs text-muted">
      {label}
      <input type="date" name={name} defaultValue={value} className={inputClass} />
    </label>
  );
}

function Found({
  chain,
  summary: { found, uncovered, records, gaps, problemCounts },
}: {
  chain: ChainDetail;
  summary: ChainSummary;
}) {
  const problems = Object.entries(problemCounts) as [ProblemCode, number][]; // keys of our own type
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
      <dt className="text-faint">Found</dt>
      <dd>{found ? <TimeSpan from={found.from} to={found.to} /> : 'no record that states a time in it'}</dd>
      <dt className="text-faint">Records</dt>
      <dd className="tabular">
        {formatCount(records.valid)} of {formatNoun(records.total, 'record')} hash correctly
      </dd>
      {uncovered.length > 0 && (
        <>
          <dt className="text-faint">Not covered</dt>
          <dd>
            {uncovered.map(({ from, to }) => (
              <span key={from} className="block">
                <TimeSpan from={from} to={to} />
              </span>
            ))}
          </dd>
        </>
      )}
      <dt className="text-faint">Gaps in time</dt>
      <dd>
        {gaps.length === 0 && 'none of an hour or more'}
        {gaps.length <= OPEN ? (
          <TimeGaps chain={chain} gaps={gaps} />
        ) : (
          <details>
            <summary>{formatNoun(gaps.length, 'gap')} of an hour or more</summary>
            <TimeGaps chain={chain} gaps={gaps} />
          </details>
        )}
      </dd>
      <dt className="text-faint">Problems</dt>
      <dd>
        {problems.length === 0 && 'none'}
        {problems.map(([code, count]) => (
          <span key={code} className="block">
            {PROBLEM_TITLES[code]}: {formatCount(count)}
          </span>
        ))}
      </dd>
    </dl>
  );
}
