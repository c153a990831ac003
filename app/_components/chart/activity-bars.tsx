import { Bar, BarChart, CartesianGrid, ReferenceArea, Tooltip, XAxis, YAxis } from 'recharts';
import { useState } from 'react';
import type { Decision } from '@/lib/core/event/fields';
import type { Bucket } from '@/lib/schemas/reports';
import { formatDuration } from '../format/duration';
import { formatInstant } from '../format/instant';
import { formatCompact, formatCount, formatNoun } from '../format/number';
import { DECISION_LOOK, DECISION_ORDER } from '../verdict/decisions';

export const DAY_SECONDS = 86_400;
const TICK = { fill: 'var(--color-faint)', fontSize: 11 };
const COUNT_AXIS = {
  allowDecimals: false,
  tickFormatter: formatCompact,
  tickLine: false,
  axisLine: false,
  tick: TICK,
  width: 44,
} as const;

function axisLabel(value: string) {
  return { value, position: 'top', offset: 6, dx: 0, ...TICK, textAnchor: 'start' } as const;
}

/** The chart itself. To a screen reader it is one sentence with the totals. */
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
  const { marked, ...marking } = useMarking(bucketSeconds, onZoom);
  const each = formatDuration(bucketSeconds * 1000).replace(/^1 /, '');
  const label = (at: string): string => formatInstant(at, zone, bucketSeconds >= DAY_SECONDS ? 'date' : 'short');
  return (
    <div
      role="img"
      aria-label={`Records by decision per ${each}: ${totals.map(([decision, total]) => `${DECISION_LOOK[decision].word} ${formatCount(total)}`).join(', ')}. The table button shows the figures.`}
      style={{ height }}
      className="overflow-hidden"
    >
      <BarChart
        data={buckets}
        responsive
        width="100%"
        height={height}
        margin={{ top: 16, right: 4, bottom: 0, left: 0 }}
        barCategoryGap={buckets.length > 60 ? 1 : '18%'}
        accessibilityLayer={false}
        {...marking}
        {...(onZoom && { style: { cursor: 'crosshair', userSelect: 'none' } })}
      >
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis
          dataKey="at"
          tickFormatter={label}
          tickLine={false}
          axisLine={{ stroke: 'var(--color-edge)' }}
          tick={TICK}
          minTickGap={48}
          height={24}
        />
        <YAxis
          {...COUNT_AXIS}
          label={axisLabel(`records per ${each}${zone === 'UTC' && bucketSeconds >= DAY_SECONDS ? ', UTC' : ''}`)}
        />
        <Tooltip
          cursor={{ fill: 'var(--color-hover)' }}
          isAnimationActive={false}
          content={<Says buckets={buckets} zone={zone} bucketSeconds={bucketSeconds} />}
        />
        {totals.map(([decision]) => (
          <Bar
            key={decision}
            dataKey={({ counts }: Bucket) => counts[decision] ?? 0}
            name={DECISION_LOOK[decision].word}
            stackId="records"
            fill={DECISION_LOOK[decision].tone}
            isAnimationActive={false}
            maxBarSize={44}
          />
        ))}
        {marked && <ReferenceArea x1={marked[0]} x2={marked[1]} fill="var(--color-focus)" fillOpacity={0.15} />}
      </BarChart>
    </div>
  );
}

type Pointed = { activeLabel?: string | number | undefined };

/** Marks steps while the pointer is drawn over them, and gives their period when it is let go. A click marks one step. */
function useMarking(bucketSeconds: number, onZoom: ((from: string, to: string) => void) | undefined) {
  const [drawn, setDrawn] = useState<{ begin: string; end: string } | null>(null);
  if (!onZoom) return { marked: null };
  const labelOf = ({ activeLabel }: Pointed): string | null => (activeLabel === undefined ? null : String(activeLabel));
  return {
    marked: drawn && ([drawn.begin, drawn.end].toSorted() as [string, string]), // of two
    onMouseDown: (pointed: Pointed) => {
      const at = labelOf(pointed);
      setDrawn(at === null ? null : { begin: at, end: at });
    },
    onMouseMove: (pointed: Pointed) => {
      const at = labelOf(pointed);
      if (drawn && at !== null && at !== drawn.end) setDrawn({ ...drawn, end: at });
    },
    onMouseUp: () => {
      if (!drawn) return;
      const [first = drawn.begin, last = drawn.end] = [drawn.begin, drawn.end].toSorted();
      setDrawn(null);
      onZoom(first, new Date(Date.parse(last) + bucketSeconds * 1000).toISOString());
    },
    onMouseLeave: () => setDrawn(null),
  };
}

/** `active` and `label` come from the chart: whether, and over which bar, the pointer is. */
function Says({
  buckets,
  zone,
  bucketSeconds,
  active,
  label,
}: {
  buckets: readonly Bucket[];
  zone: string;
  bucketSeconds: number;
  active?: boolean;
  label?: string;
}) {
  const bucket = active ? buckets.find(({ at }) => at === label) : undefined;
  if (!bucket) return null;
  const counts = DECISION_ORDER.flatMap((decision) =>
    bucket.counts[decision] ? [[decision, bucket.counts[decision]] as const] : [],
  );
  const total = counts.reduce((all, [, count]) => all + count, 0);
  const end = new Date(Date.parse(bucket.at) + bucketSeconds * 1000).toISOString();
  return (
    <div className="popup px-3 py-2 text-xs">
      <p className="font-medium">
        {bucketSeconds >= DAY_SECONDS
          ? `${formatInstant(bucket.at, zone, 'day')} UTC`
          : `${formatInstant(bucket.at, zone, 'short')} – ${formatInstant(end, zone, 'clock')}`}
      </p>
      <p className="text-muted">{formatNoun(total, 'record')}</p>
      {counts.map(([decision, count]) => (
        <p key={decision} className="mt-0.5 flex items-center gap-1.5 tabular">
          <span className="size-2 rounded-[2px]" style={{ background: DECISION_LOOK[decision].tone }} />
          <span className="flex-1">{DECISION_LOOK[decision].word}</span>
          <span className="pl-4">{formatCount(count)}</span>
        </p>
      ))}
    </div>
  );
}
