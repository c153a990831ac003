'use client';
import { clsx } from 'clsx';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { MAX_COLUMN_PX, MIN_COLUMN_PX, columnLabel } from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';
import { boundedWidth, fieldOf, movedColumn, usualWidth } from './columns';
import { isNumeric } from './record-cell';

const STEP_PX = 16;

/** The names of the columns, which can be dragged to another place; what lies behind each can be drawn, or moved by arrow keys, to make it wider. */
export function ColumnHeads({
  columns,
  grid,
  onChange,
}: {
  columns: readonly TableColumn[];
  grid: CSSProperties;
  onChange: (columns: TableColumn[]) => void;
}) {
  const dragged = useRef<number | null>(null);
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
              className="cursor-grab truncate"
            >
              {label}
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
