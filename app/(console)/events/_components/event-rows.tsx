'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { ScrollText } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { goToRow } from '@/app/_components/record/go-to-row';
import { Empty } from '@/app/_components/ui/empty';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { useNarrow } from '@/app/_components/ui/use-narrow';
import { EVENT_COLUMNS, EventLine } from './event-line';
import { type useEvents, keyOf } from './use-events';

const ROW_PX = 34;
const CARD_PX = 68;

/** The table of what is found: only rows in view exist. Up, Down, J, K, Home, End move; Enter opens. */
export function EventRows({
  events,
  chosen,
  onOpen,
}: {
  events: ReturnType<typeof useEvents>;
  chosen: string | null;
  onOpen: (record: string) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const { items, state } = events;
  // oxlint-disable-next-line react/incompatible-library -- nothing it returns is handed to a memoized component
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    overscan: 12,
  });
  const inView = rows.getVirtualItems();
  const last = inView.at(-1)?.index ?? 0;
  useEffect(() => rows.measure(), [narrow, rows]);
  useEffect(() => {
    if (items.length > 0) events.show(last);
  }, [events, last, items.length]);

  return (
    <div
      role="table"
      aria-label="Records found"
      aria-rowcount={items.length + 1}
      aria-busy={state === 'loading'}
      className="text-sm"
    >
      <EventsHead />
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        onKeyDown={(event) => goToRow(event, items.length, (index) => rows.scrollToIndex(index, { align: 'auto' }))}
        className={clsx(
          'h-[min(68dvh,46rem)] overflow-y-auto overscroll-contain outline-none',
          state === 'loading' && items.length > 0 && 'opacity-60',
        )}
      >
        {items.length === 0 ? (
          <div role="row">
            <div role="cell">{state === 'loading' ? <Waiting /> : <Nothing failed={state === 'failed'} />}</div>
          </div>
        ) : (
          <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
            {inView.map(({ key, index, start, size }) => {
              const item = items[index];
              return (
                item && (
                  <EventLine
                    key={key}
                    row={index}
                    top={start}
                    height={size}
                    event={item}
                    isChosen={chosen === keyOf(item)}
                    onOpen={onOpen}
                  />
                )
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
}

function EventsHead() {
  return (
    <div role="rowgroup" className="border-b">
      <div
        role="row"
        aria-rowindex={1}
        className={clsx('h-8 items-center pr-[15px] text-xs font-medium text-faint max-sm:sr-only', EVENT_COLUMNS)}
      >
        <span role="columnheader" className="sr-only">
          Integrity
        </span>
        <span aria-hidden />
        <span role="columnheader">Time</span>
        <span role="columnheader">Decision</span>
        <span role="columnheader">Tool</span>
        <span role="columnheader">Target</span>
        <span role="columnheader" className="max-xl:hidden">
          Agent
        </span>
        <span role="columnheader" className="max-xl:hidden">
          Chain
        </span>
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <div className="space-y-3 p-4">
      {Array.from({ length: 14 }, (_, index) => (
        <Skeleton key={index} className="h-4" />
      ))}
    </div>
  );
}

function Nothing({ failed }: { failed: boolean }) {
  return (
    <Empty icon={<ScrollText size={20} />} title={failed ? 'Nothing could be looked for' : 'No record is found'}>
      {failed
        ? 'The search above says why.'
        : 'No record of this period has all of this. Take away a part of the search, or choose a longer period. Records that state no time are in none: they are on the page of their chain.'}
    </Empty>
  );
}
