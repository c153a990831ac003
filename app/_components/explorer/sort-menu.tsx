'use client';
import { ArrowUpDown, ChevronDown } from 'lucide-react';
import { Menu, MenuChoice } from '@/app/_components/ui/menu';
import { buttonClass } from '@/app/_components/ui/button';
import { type SortColumnName, columnLabel, sortField } from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';
import { readSort } from '../list/sort';
import { type Order, directionWords, orderWords, sortColumn, sortedBy } from './order';

/** Puts records in order where their columns have no heads to press: by one of the columns, or by time. */
export function SortMenu({ columns, order: { sort, onSort } }: { columns: readonly TableColumn[]; order: Order }) {
  const { by, isDown } = readSort(sort);
  const column = sortColumn(by) ?? 'recorded_at';
  const offered = new Set<SortColumnName>(['recorded_at', column]);
  for (const { name } of columns) {
    const known = sortColumn(name);
    if (known) offered.add(known);
  }
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" aria-label={`Sort: ${orderWords(sort)}`} className={buttonClass('ghost', 'sm')}>
          <ArrowUpDown size={14} aria-hidden />
          <span className="first-letter:uppercase">{orderWords(sort)}</span>
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      <MenuChoice
        label="Sort by"
        value={column}
        options={[...offered].map((name) => ({ value: name, label: columnLabel(sortField(name)) }))}
        onChange={(name: SortColumnName) => onSort(sortedBy(name, sort))}
      />
      <MenuChoice
        label="Order"
        value={isDown ? 'down' : 'up'}
        options={[
          { value: 'down', label: directionWords(column, true) },
          { value: 'up', label: directionWords(column, false) },
        ]}
        onChange={(direction: 'down' | 'up') => onSort(direction === 'down' ? `-${column}` : column)}
      />
    </Menu>
  );
}
