import {
  type EventSort,
  SORT_FIELDS,
  type SortColumnName,
  columnLabel,
  sortField,
} from '@/lib/core/event/table-columns';
import { readSort } from '../list/sort';

/** The order of a table of records, and what changes it. */
export type Order = { sort: EventSort; onSort: (sort: EventSort) => void };

/** The order an address asks for, when it is one; else `usual`. */
export function sortOf(written: string | null, usual: EventSort): EventSort {
  const column = sortColumn(readSort(written ?? '').by);
  return column === null ? usual : ((written?.startsWith('-') ? `-${column}` : column) satisfies EventSort);
}

/** The column of this name that records can be put in order by. */
export function sortColumn(name: string): SortColumnName | null {
  return SORT_FIELDS.find((field) => field.name === name)?.name ?? null;
}

/** What pressing the head of a column makes of an order: it turns it round, or begins with what is most or newest of numbers and times. */
export function sortedBy(column: SortColumnName, now: EventSort): EventSort {
  const { by, isDown } = readSort(now);
  if (by === column) return isDown ? column : `-${column}`;
  const { type } = sortField(column);
  return type === 'text' || type === 'word' || type === 'decision' || type === 'position' ? column : `-${column}`;
}

/** An order in words, as it stands below a table. */
export function orderWords(sort: EventSort): string {
  const { by, isDown } = readSort(sort);
  const column = sortColumn(by);
  if (column === null) return '';
  const direction = directionWords(column, isDown).toLowerCase();
  return column === 'recorded_at' ? direction : `by ${columnLabel(sortField(column)).toLowerCase()}, ${direction}`;
}

/** What the two directions of an order are called. */
export function directionWords(column: SortColumnName, isDown: boolean): string {
  if (column === 'recorded_at') return isDown ? 'Newest first' : 'Oldest first';
  return isDown ? 'Downwards' : 'Upwards';
}
