'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { useEffect, useRef } from 'react';
import { formatCount } from '@/app/_components/format/number';
import { goToRow } from '@/app/_components/record/go-to-row';
import { useNarrow } from '@/app/_components/ui/use-narrow';
import { COLUMNS, RecordLine } from './record-line';
import type { RecordSource } from './use-windowed';

const ROW_PX = 34;
const CARD_PX = 68;
type Props = {
  source: RecordSource;
  count: number;
  /** Ordinal of row 0 when rows are ordinals; null when a filter leaves gaps. */
  base: number | null;
  scrollTo: number | null;
  chosen: number | null;
  onOpen: (ordinal: number) => void;
};

/** The table of records: only rows in view exist. Up, Down, Home, End move; Enter opens. */
export function RecordRows({ source, count, base, scrollTo, chosen, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  // oxlint-disable-next-line react/incompatible-library -- nothing it returns is handed to a memoized component
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];

  useEffect(() => rows.measure(), [narrow, rows]);
  useEffect(() => {
    if (count > 0) source.show(first, last);
  }, [source, first, last, count]);
  useEffect(() => {
    if (scrollTo !== null && scrollTo < count) rows.scrollToIndex(scrollTo, { align: 'center' });
  }, [scrollTo, count, rows]);

  return (
    <div role="table" aria-label="Records" aria-rowcount={count + 1} className="text-sm">
      <RecordsHead />
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        onKeyDown={(event) => goToRow(event, count, (row) => rows.scrollToIndex(row, { align: 'auto' }))}
        className="h-[min(68dvh,46rem)] overflow-y-auto overscroll-contain outline-none"
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {items.map((item) => (
            <RecordLine
              key={item.key}
              row={item.index}
              top={item.start}
              height={item.size}
              record={source.rowAt(item.index)}
              label={base === null ? '' : formatCount(base + item.index)}
              chosen={chosen}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function RecordsHead() {
  return (
    <div role="rowgroup" className="border-b">
      <div
        role="row"
        aria-rowindex={1}
        className={clsx('h-8 items-center pr-[15px] text-xs font-medium text-faint max-sm:sr-only', COLUMNS)}
      >
        <span role="columnheader" className="sr-only">
          Integrity
        </span>
        <span aria-hidden />
        <span role="columnheader" className="text-right">
          Record
        </span>
        <span role="columnheader">Time</span>
        <span role="columnheader">Decision</span>
        <span role="columnheader">Tool</span>
        <span role="columnheader">Target</span>
        <span role="columnheader" className="max-lg:hidden">
          Agent
        </span>
        <span role="columnheader" className="max-lg:hidden">
          Hash
        </span>
      </div>
    </div>
  );
}
