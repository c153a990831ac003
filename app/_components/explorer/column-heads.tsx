'use client';
import { clsx } from 'clsx';
import { useSearchParams } from 'next/navigation';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { MAX_COLUMN_PX, MIN_COLUMN_PX, columnLabel } from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';
import { readSort } from '../list/sort';
import { boundedWidth, fieldOf, movedColumn, usualWidth } from './columns';
import { type Order, sortColumn, sortedBy } from './order';
import { isNumeric } from './record-cell';

const STEP_PX = 16;

/** The names of the columns, which can be pressed to put records in order by them and dragged to another place; what lies behind each can be drawn, or moved by arrow keys, to make it wider. */
export function ColumnHeads({
  columns,
  grid,
  order,
  onChange,
}: {
  columns: readonly TableColumn[];
  grid: CSSProperties;
  order: Order;
  onChange: (columns: TableColumn[]) => void;
}) {
  const dragged = useRef<number | null>(null);
  const now = readSort(order.sort);
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="grid h-8 items-center gap-x-3 px-4 text-xs font-medium text-faint"
      style={grid}
    >
      <span role="columnheader">
        <span className="sr-only">Integrity</span>
      </span>
      {columns.map((column, at) => {
        const label = columnLabel(fieldOf(column.name));
        return (
          <span
            key={column.name}
            role="columnheader"
            aria-sort={sortColumn(column.name) === null ? undefined : ariaSort(now, column.name)}
            onDragOver={(event) => {
              if (dragged.current !== null) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged.current !== null) onChange(movedColumn(columns, dragged.current, at));
            }}
            className={clsx('relative flex h-full min-w-0 items-center', isNumeric(column.name) && 'justify-end')}
          >
            <span
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                dragged.current = at;
              }}
              onDragEnd={() => {
                dragged.current = null;
              }}
              className="flex min-w-0 cursor-grab"
            >
              <Label name={column.name} label={label} order={order} />
            </span>
            <ResizeHandle
              label={label}
              column={column}
              onResize={(widthPx) => onChange(columns.with(at, { ...column, widthPx: boundedWidth(widthPx) }))}
            />
          </span>
        );
      })}
    </div>
  );
}

function ariaSort({ by, isDown }: ReturnType<typeof readSort>, name: string): 'ascending' | 'descending' | 'none' {
  if (by !== name) return 'none';
  return isDown ? 'descending' : 'ascending';
}

/** What stands above a column, and puts records in order by it where that is one. The order is in the address. */
function Label({ name, label, order: { sort, onSort } }: { name: string; label: string; order: Order }) {
  const search = useSearchParams();
  const column = sortColumn(name);
  if (column === null) return <span className="truncate">{label}</span>;
  const next = sortedBy(column, sort);
  const query = new URLSearchParams(search);
  query.set('sort', next);
  const now = readSort(sort);
  return (
    <a
      href={`?${query}`}
      title={`Sort ${readSort(next).isDown ? 'downwards' : 'upwards'}`}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onSort(next);
      }}
      className={clsx(
        'inline-flex min-h-6 min-w-0 items-center gap-1 hover:text-ink',
        now.by === column && ['text-ink', now.isDown ? "after:content-['↓']" : "after:content-['↑']"],
      )}
    >
      <span className="truncate">{label}</span>
    </a>
  );
}

function ResizeHandle({
  label,
  column: { name, widthPx },
  onResize,
}: {
  label: string;
  column: TableColumn;
  onResize: (widthPx: number) => void;
}) {
  const drawn = useRef<{ fromX: number; widthPx: number } | null>(null);
  function onKey(event: KeyboardEvent<HTMLElement>): void {
    const next = {
      ArrowLeft: widthPx - STEP_PX,
      ArrowRight: widthPx + STEP_PX,
      Home: MIN_COLUMN_PX,
      Enter: usualWidth(name),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(next);
  }
  function onMove(event: PointerEvent<HTMLElement>): void {
    if (drawn.current) onResize(drawn.current.widthPx + event.clientX - drawn.current.fromX);
  }
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={widthPx}
      aria-valuemin={MIN_COLUMN_PX}
      aria-valuemax={MAX_COLUMN_PX}
      aria-valuetext={`${widthPx} pixels`}
      tabIndex={0}
      title="Draw, or use the arrow keys; a double click makes it as wide as it was"
      onKeyDown={onKey}
      onDoubleClick={() => onResize(usualWidth(name))}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        // the one that takes the room that is left is wider than it says
        const shownPx = event.currentTarget.parentElement?.offsetWidth ?? widthPx;
        drawn.current = { fromX: event.clientX, widthPx: shownPx };
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        drawn.current = null;
      }}
      onPointerCancel={() => {
        drawn.current = null;
      }}
      className="group/resize absolute inset-y-0 -right-3 flex w-3 cursor-col-resize touch-none justify-center rounded-sm"
    >
      <span aria-hidden className="my-2 w-px bg-line group-hover/resize:bg-ink group-focus-visible/resize:bg-ink" />
    </span>
  );
}
