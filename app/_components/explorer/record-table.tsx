'use client';
import { clsx } from 'clsx';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react';
import { useOneTabStop } from '@/app/_components/list/use-one-tab-stop';
import { useRowsInView } from '@/app/_components/list/use-rows-in-view';
import { goToRow } from '@/app/_components/record/go-to-row';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { useNarrow } from '@/app/_components/ui/use-narrow';
import type { TableColumn } from '@/lib/schemas/preferences';
import { type EventItem, keyOf } from './asked';
import { ColumnHeads } from './column-heads';
import { gridOf } from './columns';
import type { Order } from './order';
import { RecordCard, RecordRow } from './record-row';
import type { Rows } from './rows';
import { SortMenu } from './sort-menu';

/** Lower than of other tables: of records as many as can be are seen at once. */
const ROW_PX = 26;
const CARD_PX = 68;
const HEAD_PX = 33;

type Props = {
  label: string;
  rows: Rows;
  columns: readonly TableColumn[];
  order: Order;
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
export function RecordTable({
  label,
  rows,
  columns,
  order,
  onColumns,
  scrollTo = null,
  chosen,
  onOpen,
  nothing,
}: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useOneTabStop(body, '[data-row]');
  const narrow = useNarrow();
  const { first, end, rowPx, scrollTo: scroll } = useInView(rows, scroller, narrow, scrollTo);
  const { count, state, rowAt } = rows;
  const { minWidth, ...grid } = useMemo(() => gridOf(columns), [columns]);
  const isStale = state === 'loading' && count > 0;

  return (
    <>
      <div className="no-print border-b px-2 py-1 sm:hidden">
        <SortMenu columns={columns} order={order} />
      </div>
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
            <ColumnHeads columns={columns} grid={grid} order={order} onChange={onColumns} />
          </div>
          <div
            ref={body}
            role="rowgroup"
            onKeyDown={(event) => goToRow(event, count, scroll)}
            className={clsx('relative', isStale && 'opacity-60')}
            style={count === 0 ? undefined : { height: count * rowPx }}
          >
            {count === 0 && (
              <div role="row">
                <div role="cell">{state === 'loading' ? <Waiting /> : nothing}</div>
              </div>
            )}
            {Array.from({ length: end - first }, (_, at) => first + at).map((row) => {
              const event = rowAt(row);
              const place = { row, top: row * rowPx, height: rowPx };
              if (!event) return <Awaited key={row} {...place} isFailed={state === 'failed'} />;
              const shared = { ...place, event, isChosen: chosen === keyOf(event), onOpen };
              return narrow ? (
                <RecordCard key={row} {...shared} first={columns[0]?.name ?? 'recorded_at'} />
              ) : (
                <RecordRow key={row} {...shared} columns={columns} grid={grid} />
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}

/** The rows in view, which are asked for as they come into it. */
function useInView(
  { count, show }: Rows,
  scroller: RefObject<HTMLDivElement | null>,
  narrow: boolean,
  scrollTo: number | null,
) {
  const rowPx = narrow ? CARD_PX : ROW_PX;
  const view = useRowsInView(scroller, { count, rowPx, headPx: narrow ? 0 : HEAD_PX });
  const { first, end, scrollTo: scroll } = view;
  useEffect(() => {
    if (end > first) show(first, end - 1);
  }, [show, first, end]);
  useEffect(() => {
    if (scrollTo !== null && scrollTo < count) scroll(scrollTo, 'middle');
  }, [scrollTo, count, scroll]);
  return { ...view, rowPx };
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
