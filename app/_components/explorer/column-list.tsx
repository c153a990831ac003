'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { buttonClass } from '@/app/_components/ui/button';
import { TABLE_FIELDS, columnLabel } from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';
import { fieldOf, movedColumn, usualWidth } from './columns';
import type { Columns } from './use-columns';

/** The columns that are shown, in their order, and those that are not. */
export function ColumnList({ columns, areNamed, change, reset }: Columns) {
  const others = TABLE_FIELDS.filter(({ name }) => !columns.some((column) => column.name === name));
  const lists = useRef<HTMLDivElement>(null);
  const chosen = useRef<{ name: string; byKeys: boolean } | null>(null);
  /** What is chosen goes into the other list, and the focus with it; the list stays where it is under a pointer. */
  useEffect(() => {
    if (chosen.current === null) return;
    const { name, byKeys } = chosen.current;
    chosen.current = null;
    const choice = lists.current?.querySelector<HTMLInputElement>(`[data-column="${name}"] input`);
    choice?.focus({ preventScroll: !byKeys });
  });
  function choose(name: string, next: TableColumn[]): void {
    chosen.current = { name, byKeys: document.activeElement?.matches(':focus-visible') ?? false };
    change(next);
  }
  return (
    <>
      <div ref={lists} className="min-h-0 flex-1 overflow-y-auto p-2">
        <Shown columns={columns} change={change} choose={choose} />
        <ul aria-label="Columns that are not shown" className="mt-1 border-t pt-1">
          {others.map((field) => (
            <li key={field.name} data-column={field.name}>
              <Choice
                label={columnLabel(field)}
                isShown={false}
                onChange={() => choose(field.name, [...columns, { name: field.name, widthPx: usualWidth(field.name) }])}
              />
            </li>
          ))}
        </ul>
      </div>
      <div className="flex items-center justify-between border-t px-3 py-2 text-xs text-muted">
        <span>{areNamed ? 'Of this address' : 'Kept for you'}</span>
        <button type="button" className={buttonClass('ghost', 'sm')} onClick={reset}>
          {areNamed ? 'Show mine' : 'As they were'}
        </button>
      </div>
    </>
  );
}

function Shown({
  columns,
  change,
  choose,
}: Pick<Columns, 'columns' | 'change'> & { choose: (name: string, next: TableColumn[]) => void }) {
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef<{ name: string; by: 1 | -1 } | null>(null);
  /** The focus stays on the button of the column that is moved; at the end of the list it goes to the other one. */
  useEffect(() => {
    const { name, by } = moved.current ?? {};
    if (name === undefined) return;
    moved.current = null;
    const [up, down] = list.current?.querySelectorAll<HTMLButtonElement>(`[data-column="${name}"] button`) ?? [];
    const [wanted, other] = by === -1 ? [up, down] : [down, up];
    (wanted?.disabled ? other : wanted)?.focus();
  });
  function move(at: number, by: 1 | -1): void {
    const name = columns[at]?.name;
    moved.current = name === undefined ? null : { name, by };
    change(movedColumn(columns, at, at + by));
  }
  return (
    <ul ref={list} aria-label="Columns that are shown, in their order">
      {columns.map((column, at) => (
        <li key={column.name} data-column={column.name} className="flex items-center">
          <Choice
            label={columnLabel(fieldOf(column.name))}
            isShown
            isOnly={columns.length === 1}
            onChange={() =>
              choose(
                column.name,
                columns.filter(({ name }) => name !== column.name),
              )
            }
          />
          <MoveButtons column={column} at={at} count={columns.length} onMove={(by) => move(at, by)} />
        </li>
      ))}
    </ul>
  );
}

function MoveButtons({
  column,
  at,
  count,
  onMove,
}: {
  column: TableColumn;
  at: number;
  count: number;
  onMove: (by: 1 | -1) => void;
}) {
  const label = columnLabel(fieldOf(column.name));
  const look =
    'grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink disabled:opacity-30';
  return (
    <>
      <button
        type="button"
        className={look}
        aria-label={`Move ${label} forward`}
        disabled={at === 0}
        onClick={() => onMove(-1)}
      >
        <ArrowUp size={13} aria-hidden />
      </button>
      <button
        type="button"
        className={look}
        aria-label={`Move ${label} back`}
        disabled={at === count - 1}
        onClick={() => onMove(1)}
      >
        <ArrowDown size={13} aria-hidden />
      </button>
    </>
  );
}

function Choice({
  label,
  isShown,
  isOnly = false,
  onChange,
}: {
  label: string;
  isShown: boolean;
  isOnly?: boolean;
  onChange: () => void;
}) {
  return (
    <label className="flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-sm hover:bg-hover">
      <input type="checkbox" checked={isShown} disabled={isOnly} onChange={onChange} className="size-3.5 accent-ink" />
      <span className="truncate">{label}</span>
    </label>
  );
}
