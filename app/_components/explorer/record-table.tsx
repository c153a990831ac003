'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useOneTabStop } from '@/app/_components/list/use-one-tab-stop';
import { goToRow } from '@/app/_components/record/go-to-row';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { useNarrow } from '@/app/_components/ui/use-narrow';
import type { TableColumn } from '@/lib/schemas/preferences';
import { type EventItem, keyOf } from './asked';
import { ColumnHeads } from './column-heads';
import { gridOf } from './columns';
import { RecordCard, RecordRow } from './record-row';
import type { Rows } from './rows';

const ROW_PX = 34;
const CARD_PX = 68;
const HEAD_PX = 33;

type Props = {
  label: string;
  rows: Rows;
  columns: readonly TableColumn[];
  onColumns: (columns: TableColumn[]) => void;
  /** Row to scroll to. */
  scrollTo?: number | null;
  /** Of the record that is open, as `keyOf` says. */
  chosen: string | null;
  onOpen: (event: EventItem) => void;
  /** What stands where no row does. */
  nothing: ReactNode;
};

/** A table of records: only rows in view exist. Its rows are one stop of Tab; Up, Down, J, K, Home, End move; Enter opens. */
export function RecordTable({ label, rows, columns, onColumns, scrollTo = null, chosen, onOpen, nothing }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useOneTabStop(body, '[data-row]');
  const narrow = useNarrow();
  const { count, state, show, rowAt } = rows;
  const head = narrow ? 0 : HEAD_PX;
  // oxlint-disable-next-line react/incompatible-library -- nothing it returns is handed to a memoized component
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    scrollPaddingStart: head,
    scrollMargin: head,
    overscan: 12,
  });
  const inView = list.getVirtualItems();
  const [first, last] = [inView[0]?.index ?? 0, inView.at(-1)?.index ?? 0];
  const { minWidth, ...grid } = useMemo(() => gridOf(columns), [columns]);
  useEffect(() => list.measure(), [narrow, list]);
  useEffect(() => {
    if (count > 0) show(first, last);
  }, [show, first, last, count]);
  useEffect(() => {
    if (scrollTo !== null && scrollTo < count) list.scrollToIndex(scrollTo, { align: 'center' });
  }, [scrollTo, count, list]);
  const isStale = state === 'loading' && count > 0;

  return (
    <div
      ref={scroller}
      data-scroller
      className="h-[min(68dvh,46rem)] overflow-auto overscroll-contain text-sm"
      tabIndex={0}
      aria-label={`${label}, scrolled`}
      role="group"
    >
      <div
        role="table"
        aria-label={label}
        aria-rowcount={count + 1}
        aria-busy={state === 'loading'}
        style={narrow ? undefined : { minWidth }}
      >
        <div role="rowgroup" className={clsx('sticky top-0 z-10 border-b bg-surface', narrow && 'sr-only')}>
          <ColumnHeads columns={columns} grid={grid} onChange={onColumns} />
        </div>
        <div
          ref={body}
          role="rowgroup"
          onKeyDown={(event) => goToRow(event, count, (row) => list.scrollToIndex(row, { align: 'auto' }))}
          className={clsx('relative', isStale && 'opacity-60')}
          style={count === 0 ? undefined : { height: list.getTotalSize() }}
        >
          {count === 0 && (
            <div role="row">
              <div role="cell">{state === 'loading' ? <Waiting /> : nothing}</div>
            </div>
          )}
          {inView.map(({ key, index, start, size }) => {
            const event = rowAt(index);
            const place = { row: index, top: start - head, height: size };
            if (!event) return <Awaited key={key} {...place} isFailed={state === 'failed'} />;
            const shared = { ...place, event, isChosen: chosen === keyOf(event), onOpen };
            return narrow ? (
              <RecordCard key={key} {...shared} first={columns[0]?.name ?? 'recorded_at'} />
            ) : (
              <RecordRow key={key} {...shared} columns={columns} grid={grid} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** A row whose record is on the way, or did not come. */
function Awaited({ row, top, height, isFailed }: { row: number; top: number; height: number; isFailed: boolean }) {
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      className="absolute inset-x-0 flex items-center border-b px-4"
      style={{ top, height }}
    >
      <span role="cell" className="w-full">
        {isFailed ? <span className="text-faint">not read</span> : <Skeleton className="h-3.5 w-full max-w-md" />}
      </span>
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
