'use client';
import { clsx } from 'clsx';
import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { NotRead } from '@/app/_components/api/not-read';
import { type Loaded, useJson } from '@/app/_components/api/use-json';
import { ActivityChart } from '@/app/_components/chart/activity-chart';
import { formatChange, formatCount, formatNoun } from '@/app/_components/format/number';
import { useLow } from '@/app/_components/ui/use-narrow';
import { EventHistogram } from '@/lib/schemas/browser/events';
import { before } from './span';
import { type Asked, eventsPath } from './asked';

/** A change of more than so many times says nothing in percent. */
const MOST_TIMES = 10;

/** Of the chart, and of the line that names its colours, in pixels. */
const HEIGHT = 88;
const CAPTION = 28;

type Props = {
  asked: Asked;
  loaded: Loaded<EventHistogram>;
  /** How a search goes that takes long, in place of what it will find. */
  slow: ReactNode;
  /** Whether a low window shows the chart only when it is asked for. */
  folds: boolean;
  onZoom: (from: string, to: string) => void;
};

/** How many are found over the period, by decision. What is marked with the pointer becomes the period. */
export function Timeline({ asked, loaded, slow, folds, onZoom }: Props) {
  // Keeps showing what was found before while the next is counted.
  const [shown, setShown] = useState<EventHistogram | null>(null);
  if (loaded.state === 'ready' && loaded.value !== shown) setShown(loaded.value);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const isLow = useLow();
  const isOpen = wanted ?? !(folds && isLow);
  const chart = useId();
  const head = (
    <div className="flex min-h-6 flex-wrap items-center gap-x-3 text-xs text-muted tabular">
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
  );
  return (
    <section aria-label="Over time" aria-busy={loaded.state === 'loading'} className="card px-4 py-1">
      {folds ? (
        <div className="flex items-start gap-x-3">
          {head}
          <Toggle of={chart} isOpen={isOpen} onChange={setWanted} />
        </div>
      ) : (
        !shown && head
      )}
      <div
        id={chart}
        style={{ minHeight: folds || shown ? HEIGHT + CAPTION : HEIGHT }}
        className={clsx(
          loaded.state === 'loading' && 'opacity-60',
          wanted === false && 'hidden',
          folds && wanted === null && 'low:hidden',
        )}
      >
        {shown && (
          <ActivityChart
            buckets={shown.buckets}
            bucketSeconds={shown.stepSeconds}
            height={HEIGHT}
            lead={folds ? null : head}
            onZoom={onZoom}
          />
        )}
      </div>
    </section>
  );
}

function Toggle({ of, isOpen, onChange }: { of: string; isOpen: boolean; onChange: (isOpen: boolean) => void }) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={of}
      onClick={() => onChange(!isOpen)}
      className="no-print ml-auto flex h-6 shrink-0 items-center gap-1 rounded-md px-1 text-xs text-muted hover:text-ink"
    >
      Over time
      <ChevronDown size={12} aria-hidden className={isOpen ? 'rotate-180' : undefined} />
    </button>
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
