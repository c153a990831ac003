import { clsx } from 'clsx';
import type { Decision } from '@/lib/core/event/fields';
import type { Bucket } from '@/lib/schemas/reports';
import { formatDuration } from '../format/duration';
import { formatInstant } from '../format/instant';
import { formatCompact, formatCount } from '../format/number';
import { DECISION_LOOK } from '../verdict/decisions';
import { BarTip } from './bar-tip';
import { countTicks, namedBars } from './scale';
import { useMarking } from './use-marking';

export const DAY_SECONDS = 86_400;
/** Room for the words of the axes, px. */
const LEFT = 44;
const TOP = 16;
const FOOT = 22;
/** Names below the axis; every other one of them on a narrow screen. */
const NAMES = 8;
/** The widest a bar is drawn, px. */
const WIDEST = 44;

/** The chart itself, drawn in percent: server, screen and paper draw the same. To a screen reader it is one sentence with the totals. */
export function ActivityBars({
  buckets,
  bucketSeconds,
  totals,
  zone,
  height,
  onZoom,
}: {
  buckets: readonly Bucket[];
  bucketSeconds: number;
  totals: readonly (readonly [Decision, number])[];
  zone: string;
  height: number;
  onZoom?: (from: string, to: string) => void;
}) {
  const { marked, pointed, ...pointer } = useMarking(buckets, bucketSeconds, onZoom);
  const each = formatDuration(bucketSeconds * 1000).replace(/^1 /, '');
  const decisions = totals.map(([decision]) => decision);
  const ticks = countTicks(Math.max(0, ...buckets.map(({ counts }) => sum(counts, decisions))));
  const top = ticks.at(-1) ?? 1;
  const plot = height - TOP - FOOT;
  const yOf = (count: number) => TOP + plot * (1 - count / top);
  return (
    <div
      role="img"
      aria-label={`Records by decision per ${each}: ${totals.map(([decision, total]) => `${DECISION_LOOK[decision].word} ${formatCount(total)}`).join(', ')}. The table button shows the figures.`}
      style={{ height }}
      className="relative text-2xs text-faint tabular"
    >
      <span className="absolute top-0 left-0">
        {`records per ${each}${zone === 'UTC' && bucketSeconds >= DAY_SECONDS ? ', UTC' : ''}`}
      </span>
      <CountAxis ticks={ticks} yOf={yOf} />
      <div
        className={clsx('@container absolute inset-y-0 right-1', onZoom && 'cursor-crosshair touch-pan-y select-none')}
        style={{ left: LEFT }}
        {...pointer}
      >
        <svg aria-hidden width="100%" height={height} className="block overflow-visible">
          {ticks.map((tick) => (
            <line
              key={tick}
              x2="100%"
              y1={yOf(tick)}
              y2={yOf(tick)}
              style={{ stroke: tick === 0 ? 'var(--color-edge)' : 'var(--color-line)' }}
            />
          ))}
          <Region
            at={pointed === null ? null : [pointed, pointed]}
            of={buckets.length}
            tone="var(--color-hover)"
            plot={plot}
          />
          <Bars buckets={buckets} decisions={decisions} yOf={yOf} />
          <Region at={marked} of={buckets.length} tone="var(--color-focus)" plot={plot} />
        </svg>
        <TimeAxis buckets={buckets} zone={zone} as={bucketSeconds >= DAY_SECONDS ? 'date' : 'short'} />
        {pointed !== null && buckets[pointed] && (
          <BarTip
            bucket={buckets[pointed]}
            bucketSeconds={bucketSeconds}
            zone={zone}
            left={(pointed + 0.5) / buckets.length}
          />
        )}
      </div>
    </div>
  );
}

function CountAxis({ ticks, yOf }: { ticks: readonly number[]; yOf: (count: number) => number }) {
  return ticks.slice(0, -1).map((tick) => (
    <span
      key={tick}
      style={{ top: yOf(tick), width: LEFT - 8 }}
      className="absolute left-0 -translate-y-1/2 text-right"
    >
      {formatCompact(tick)}
    </span>
  ));
}

function TimeAxis({ buckets, zone, as }: { buckets: readonly Bucket[]; zone: string; as: 'date' | 'short' }) {
  return namedBars(buckets.length, NAMES).map((at, nth) => (
    <span
      key={at}
      style={{ left: `${((at + 0.5) / buckets.length) * 100}%` }}
      className={clsx('absolute bottom-0 -translate-x-1/2 whitespace-nowrap', nth % 2 === 1 && 'max-sm:hidden')}
    >
      {formatInstant(buckets[at]?.at ?? '', zone, as)}
    </span>
  ));
}

/** Each step one bar, its decisions from zero up. A step that has any is at least a pixel high. */
function Bars({
  buckets,
  decisions,
  yOf,
}: {
  buckets: readonly Bucket[];
  decisions: readonly Decision[];
  yOf: (count: number) => number;
}) {
  const share = buckets.length > 60 ? 0.9 : 0.72;
  return buckets.map(({ at, counts }, nth) => {
    let below = 0;
    return (
      <svg key={at} x={`${((nth + 0.5) / buckets.length) * 100}%`} overflow="visible">
        {decisions.map((decision) => {
          const count = counts[decision] ?? 0;
          if (count === 0) return null;
          const [bottom, top] = [yOf(below), yOf(below + count)];
          below += count;
          const width = `min(${WIDEST}px, max(2px, ${(share * 100) / buckets.length}cqw))`;
          return (
            <rect
              key={decision}
              y={Math.min(top, bottom - 1)}
              height={Math.max(1, bottom - top)}
              style={{ fill: DECISION_LOOK[decision].tone, width, x: `calc(${width} / -2)` }}
            />
          );
        })}
      </svg>
    );
  });
}

/** Steps from one to another, over the whole height. */
function Region({
  at,
  of,
  tone,
  plot,
}: {
  at: readonly [number, number] | null;
  of: number;
  tone: string;
  plot: number;
}) {
  if (!at) return null;
  const [first, last] = at;
  return (
    <rect
      x={`${(first / of) * 100}%`}
      width={`${((last - first + 1) / of) * 100}%`}
      y={TOP}
      height={plot}
      style={{ fill: tone, fillOpacity: tone === 'var(--color-focus)' ? 0.15 : 1 }}
    />
  );
}

function sum(counts: Bucket['counts'], decisions: readonly Decision[]): number {
  return decisions.reduce((all, decision) => all + (counts[decision] ?? 0), 0);
}
