'use client';
import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { LevelMark } from '@/app/_components/verdict/levels';
import type { RulePreview } from '@/lib/schemas/rules';
import type { Previewed } from './use-preview';

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30, 90, 366] as const;
const DAYS_WORDS: Readonly<Record<(typeof DAYS)[number], string>> = {
  1: 'last 24 hours',
  7: 'last 7 days',
  30: 'last 30 days',
  90: 'last 90 days',
  366: 'last year',
};

type Props = { previewed: Previewed; days: number; onDays: (days: number) => void; isRule: boolean };

/** What the text would have found as a rule. */
export function PreviewPanel({ previewed, days, onDays, isRule }: Props) {
  const preview =
    previewed.state === 'ready' ? previewed.preview : previewed.state === 'loading' ? previewed.before : null;
  return (
    <Card
      title="Preview"
      aside={
        <label className="flex items-center gap-2">
          <span className="sr-only">Over the</span>
          <select
            value={days}
            onChange={({ target }) => onDays(Number(target.value))}
            className="h-7 rounded-md border border-edge bg-surface px-1.5 text-xs text-ink"
          >
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {DAYS_WORDS[one]}
              </option>
            ))}
          </select>
        </label>
      }
      flush
    >
      <div aria-busy={previewed.state === 'loading'}>
        <p role="status" className="p-4">
          <Sentence previewed={previewed} isRule={isRule} />
        </p>
        {isRule && preview && preview.findings > 0 && (
          <>
            <ByDay preview={preview} />
            <Found preview={preview} />
          </>
        )}
      </div>
    </Card>
  );
}

function Sentence({ previewed, isRule }: { previewed: Previewed; isRule: boolean }) {
  if (previewed.state === 'failed') return <span className="text-v-tampered">{previewed.message}</span>;
  if (!isRule)
    return <span className="text-muted">What the rule would have found is shown as soon as the text is a rule.</span>;
  if (previewed.state !== 'ready') return <span className="text-muted">Looking at the records…</span>;
  const { findings, isAll, cost } = previewed.preview;
  return (
    <>
      <strong className="font-semibold">
        {findings === 0
          ? 'Would have fired not once'
          : `Would have fired ${isAll ? '' : 'more than '}${times(findings)}`}
      </strong>
      <span className="text-muted">
        {' '}
        among {formatNoun(cost.records, 'record')}. It took {formatCount(cost.elapsedMs)} ms.
      </span>
    </>
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`;
}

/** A bar a day, of days in UTC; long periods in bars of several days. */
function ByDay({ preview: { period, days } }: { preview: RulePreview }) {
  const first = Math.floor(Date.parse(period.from) / DAY_MS);
  const last = Math.floor(Date.parse(period.to) / DAY_MS);
  const step = Math.ceil((last - first + 1) / 60);
  const bars = Array.from({ length: Math.ceil((last - first + 1) / step) }, () => 0);
  for (const { day, findings } of days) {
    const at = Math.floor((Date.parse(day) / DAY_MS - first) / step);
    if (at >= 0 && at < bars.length) bars[at] = (bars[at] ?? 0) + findings;
  }
  const most = Math.max(...bars);
  const dayOf = (index: number) => new Date((first + index * step) * DAY_MS).toISOString().slice(0, 10);
  return (
    <figure className="px-4 pb-3">
      <svg viewBox={`0 0 ${bars.length * 4} 40`} preserveAspectRatio="none" aria-hidden className="h-14 w-full">
        {bars.map((count, index) => {
          const height = count === 0 ? 0.6 : Math.max(2, (count / most) * 40);
          return (
            <rect
              key={dayOf(index)}
              x={index * 4}
              y={40 - height}
              width={3}
              height={height}
              className={count === 0 ? 'fill-line' : 'fill-ink'}
            />
          );
        })}
      </svg>
      <figcaption className="mt-1 flex justify-between text-2xs text-faint">
        <span>{dayOf(0)}</span>
        <span>
          at most {formatCount(most)} {step === 1 ? 'a day' : `in ${step} days`}
        </span>
        <span>{dayOf(bars.length - 1)}</span>
      </figcaption>
      <table className="sr-only">
        <caption>Findings by day</caption>
        <tbody>
          {days.map(({ day, findings }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{findings}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function Found({ preview: { items, findings } }: { preview: RulePreview }) {
  return (
    <ol
      aria-label="What would have been found"
      tabIndex={0}
      className="max-h-[36rem] divide-y overflow-y-auto border-t"
    >
      {items.map((item) => (
        <li key={`${item.windowFrom} ${JSON.stringify(item.group)}`} className="px-4 py-2.5">
          <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <LevelMark level={item.level} />
            <TimeSpan from={item.windowFrom} to={item.windowTo} />
            <span className="text-muted">{formatNoun(item.recordCount, 'record')}</span>
          </div>
          <p className="mt-0.5 text-xs [overflow-wrap:anywhere] text-muted">
            {Object.entries(item.group)
              .map(([field, value]) => `${field.replaceAll('_', ' ')} ${value || 'not stated'}`)
              .join(', ')}
          </p>
          <ul className="mt-1 space-y-0.5">
            {item.records.map((record) => (
              <li key={`${record.chainId} ${record.ordinal}`} className="flex flex-wrap items-baseline gap-x-2 text-xs">
                <Link
                  className="link inline-flex min-h-6 items-center"
                  href={`/chains/${record.chainId}?tab=records&record=${record.ordinal}`}
                  prefetch={false}
                >
                  <Time at={record.recordedAt} as="second" />
                </Link>
                <DecisionMark decision={record.decision} />
                <span className="min-w-0 font-mono [overflow-wrap:anywhere]">
                  {record.tool} {record.target}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
      {findings > items.length && (
        <li className="px-4 py-2.5 text-xs text-muted">The newest {formatCount(items.length)} are listed.</li>
      )}
    </ol>
  );
}
