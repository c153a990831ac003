'use client';
import { formatDuration } from '@/app/_components/format/duration';
import { formatInstant } from '@/app/_components/format/instant';
import { formatCompact, formatCount } from '@/app/_components/format/number';
import { AmountAxis, GridLines, StackedBars, TimeAxis, highest } from '@/app/_components/chart/parts';
import { countTicks } from '@/app/_components/chart/scale';
import { useZone } from '@/app/_components/time/zone';
import { LEVEL_LOOK } from '@/app/_components/verdict/levels';
import type { Level } from '@/lib/schemas/common';
import type { FindingWindow } from '@/lib/schemas/findings';

const HEIGHT = 132;
const LEFT = 44;
const TOP = 16;
const FOOT = 22;
const DAY_SECONDS = 86_400;

/** A number of records in a length of time, spread evenly: a line across the chart. */
export type Pace = { is: 'threshold' | 'history'; words: string; perSecond: number };

const DASHES: Readonly<Record<Pace['is'], string>> = { threshold: '6 3', history: '2 3' };

/** The records of a finding over its window and some time around, beside others of its group. */
export function FindingChart({
  level,
  measured,
  paces,
  window,
}: {
  level: Level;
  /** What its rule measured, and the threshold, in words. */
  measured: string | null;
  /** What the number of records is compared with. */
  paces: readonly Pace[];
  window: FindingWindow;
}) {
  const pageZone = useZone();
  const { buckets, stepSeconds } = window;
  const zone = stepSeconds >= DAY_SECONDS ? 'UTC' : pageZone;
  const [own, other] = [LEVEL_LOOK[level].tone, 'var(--color-edge)'];
  const stacks = buckets.map(({ at, found, others }) => ({
    at,
    parts: [
      { key: 'found', tone: own, amount: found },
      { key: 'others', tone: other, amount: others ?? 0 },
    ],
  }));
  const ticks = countTicks(
    Math.max(highest(stacks), ...paces.map(({ perSecond }) => Math.ceil(perSecond * stepSeconds))),
  );
  const top = ticks.at(-1) ?? 1;
  const yOf = (count: number) => TOP + (HEIGHT - TOP - FOOT) * (1 - count / top);
  const total = (of: 'found' | 'others') => buckets.reduce((sum, bucket) => sum + (bucket[of] ?? 0), 0);
  const each = formatDuration(stepSeconds * 1000).replace(/^1 /, '');
  const isKnown = buckets.some(({ others }) => others !== null);
  const said = [
    `${formatCount(total('found'))} in evidence`,
    ...(isKnown ? [`${formatCount(total('others'))} others of the same group`] : []),
  ];
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {said.map((words, nth) => (
          <span key={words} className="inline-flex items-center gap-1.5 tabular">
            <span aria-hidden className="size-2.5 rounded-[2px]" style={{ background: nth === 0 ? own : other }} />
            {words}
          </span>
        ))}
        <PaceKey paces={paces} />
        {measured && <span className="text-muted tabular">{measured}</span>}
      </figcaption>
      <div
        role="img"
        aria-label={`Records per ${each}: ${[...said, ...paces.map(({ words }) => words)].join(', ')}. The records in evidence are listed below.`}
        style={{ height: HEIGHT }}
        className="relative text-2xs text-faint tabular"
      >
        <span className="absolute top-0 left-0">records per {each}</span>
        <AmountAxis ticks={ticks.slice(0, -1)} yOf={yOf} widthPx={LEFT - 8} say={formatCompact} />
        <div className="@container absolute inset-y-0 right-1" style={{ left: LEFT }}>
          <svg aria-hidden width="100%" height={HEIGHT} className="block overflow-visible">
            <GridLines ticks={ticks} yOf={yOf} />
            <StackedBars stacks={stacks} yOf={yOf} />
            <PaceLines paces={paces} yOf={(perSecond) => yOf(perSecond * stepSeconds)} />
          </svg>
          <TimeAxis
            times={buckets.map(({ at }) => at)}
            most={6}
            say={(at) => formatInstant(at, zone, stepSeconds >= DAY_SECONDS ? 'date' : 'short')}
            otherClass="max-sm:hidden"
          />
        </div>
      </div>
    </figure>
  );
}

function PaceKey({ paces }: { paces: readonly Pace[] }) {
  return paces.map(({ is, words }) => (
    <span key={is} className="inline-flex items-center gap-1.5 tabular">
      <svg aria-hidden width="18" height="10">
        <line x1="0" x2="18" y1="5" y2="5" stroke="currentColor" strokeWidth="1.5" strokeDasharray={DASHES[is]} />
      </svg>
      {words}, spread evenly
    </span>
  ));
}

function PaceLines({ paces, yOf }: { paces: readonly Pace[]; yOf: (perSecond: number) => number }) {
  return paces.map(({ is, perSecond }) => (
    <line
      key={is}
      x1="0"
      x2="100%"
      y1={yOf(perSecond)}
      y2={yOf(perSecond)}
      stroke="var(--color-ink)"
      strokeWidth="1.5"
      strokeDasharray={DASHES[is]}
    />
  ));
}
