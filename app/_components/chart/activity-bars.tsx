import { clsx } from 'clsx';
import type { Decision } from '@/lib/core/event/fields';
import type { Bucket } from '@/lib/schemas/reports';
import { formatDuration } from '../format/duration';
import { formatInstant } from '../format/instant';
import { formatCompact, formatCount } from '../format/number';
import { DECISION_LOOK } from '../verdict/decisions';
import { BarTip } from './bar-tip';
import { AmountAxis, GridLines, StackedBars, TimeAxis, highest } from './parts';
import { countTicks } from './scale';
import { useMarking } from './use-marking';

export const DAY_SECONDS = 86_400;
/** Room for the words of the axes, px. */
const LEFT = 44;
const TOP = 16;
const FOOT = 22;
/** A chart lower than this names every other amount. */
const LOW = 64;
/** Names below the axis; every third of them on a narrow screen. */
const NAMES = 8;

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
  const stacks = buckets.map(({ at, counts }) => ({
    at,
    parts: totals.map(([decision]) => ({
      key: decision,
      tone: DECISION_LOOK[decision].tone,
      amount: counts[decision] ?? 0,
    })),
  }));
  const ticks = countTicks(highest(stacks));
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
      <AmountAxis
        ticks={ticks.slice(0, -1).filter((_, nth) => plot >= LOW || ticks.length < 4 || nth % 2 === 0)}
        yOf={yOf}
        widthPx={LEFT - 8}
        say={formatCompact}
      />
      <div
        className={clsx('@container absolute inset-y-0 right-1', onZoom && 'cursor-crosshair touch-pan-y select-none')}
        style={{ left: LEFT }}
        {...pointer}
      >
        <svg aria-hidden width="100%" height={height} className="block overflow-visible">
          <GridLines ticks={ticks} yOf={yOf} />
          <Region
            at={pointed === null ? null : [pointed, pointed]}
            of={buckets.length}
            tone="var(--color-hover)"
            plot={plot}
          />
          <StackedBars stacks={stacks} yOf={yOf} />
          <Region at={marked} of={buckets.length} tone="var(--color-focus)" plot={plot} />
        </svg>
        <TimeAxis
          times={buckets.map(({ at }) => at)}
          most={NAMES}
          say={(at) => formatInstant(at, zone, bucketSeconds >= DAY_SECONDS ? 'date' : 'short')}
          otherClass="max-sm:hidden"
        />
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
