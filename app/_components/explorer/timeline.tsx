'use client';
import { type ReactNode, useState } from 'react';
import { NotRead } from '@/app/_components/api/not-read';
import { type Loaded, useJson } from '@/app/_components/api/use-json';
import { ActivityChart } from '@/app/_components/chart/activity-chart';
import { formatChange, formatCount, formatNoun } from '@/app/_components/format/number';
import { EventHistogram } from '@/lib/schemas/browser/events';
import { before } from './span';
import { type Asked, eventsPath } from './asked';

/** A change of more than so many times says nothing in percent. */
const MOST_TIMES = 10;

type Props = {
  asked: Asked;
  loaded: Loaded<EventHistogram>;
  /** How a search goes that takes long, in place of what it will find. */
  slow: ReactNode;
  /** Of the chart, in pixels. */
  height: number;
  onZoom: (from: string, to: string) => void;
};

/** How many are found over the period, by decision. What is marked with the pointer becomes the period. */
export function Timeline({ asked, loaded, slow, height, onZoom }: Props) {
  // Keeps showing what was found before while the next is counted.
  const [shown, setShown] = useState<EventHistogram | null>(null);
  if (loaded.state === 'ready' && loaded.value !== shown) setShown(loaded.value);
  return (
    <section aria-label="Over time" aria-busy={loaded.state === 'loading'} className="card px-4 pt-3 pb-2">
      <div className="mb-1 flex min-h-6 flex-wrap items-center gap-x-3 text-xs text-muted tabular">
        {loaded.state === 'failed' ? (
          <NotRead what="The figures over time" of={loaded} />
        ) : (
          <p aria-live="polite">
            {shown
              ? `${formatNoun(shown.total, 'record')} found${shown.untimed > 0 ? `, ${formatCount(shown.untimed)} of them without a time` : ''}`
              : 'Counting…'}
            {shown && loaded.state === 'ready' && <Change asked={asked} total={shown.total} />}
          </p>
        )}
        {slow}
      </div>
      <div style={{ minHeight: height + 42 }} className={loaded.state === 'loading' ? 'opacity-60' : undefined}>
        {shown && (
          <ActivityChart buckets={shown.buckets} bucketSeconds={shown.stepSeconds} height={height} onZoom={onZoom} />
        )}
      </div>
    </section>
  );
}

/** Against as many hours just before. */
function Change({ asked: { from, to, run: _, ...asked }, total }: { asked: Asked; total: number }) {
  const earlier = useJson(
    EventHistogram,
    from && to ? eventsPath('/histogram', { ...asked, ...before({ from, to }) }) : null,
  );
  if (earlier.state !== 'ready') return null;
  const { total: was } = earlier.value;
  if (was === 0) return <span className="text-faint">, none in the period before</span>;
  const change = total > was * MOST_TIMES ? null : formatChange(total, was);
  return (
    <span className="text-faint">{`, ${change ? `${change} from ` : ''}${formatCount(was)} in the period before`}</span>
  );
}
