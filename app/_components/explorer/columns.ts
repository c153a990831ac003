import {
  MAX_COLUMN_PX,
  MIN_COLUMN_PX,
  TABLE_FIELDS,
  type TableColumnName,
  type TableField,
  isTableColumn,
} from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';

/** Which table: records of any chain, or those of one. */
export type TableKind = 'events' | 'records';

/** What people begin with. */
const USUAL: Readonly<Record<TableKind, readonly TableColumnName[]>> = {
  events: ['recorded_at', 'decision', 'tool', 'target', 'agent', 'chain_id'],
  records: ['ordinal', 'recorded_at', 'decision', 'tool', 'target', 'agent', 'hash'],
};
const WIDTH_PX: Readonly<Partial<Record<TableColumnName, number>>> = {
  recorded_at: 156,
  decision: 96,
  ordinal: 64,
  tool: 120,
  target: 140,
  reason: 140,
  extra: 140,
  agent: 110,
  hash: 108,
  chain_id: 150,
  session_id: 150,
  run_id: 150,
};
const FALLBACK_PX = 116;
/** The one that takes the room that is left, where it is shown. */
const GROWS: readonly TableColumnName[] = ['target', 'reason', 'extra'];
/** Of the mark before every row, and of the space between and beside columns. */
const MARK_PX = 16;
const GAP_PX = 12;
const EDGE_PX = 16;

export function usualWidth(name: TableColumnName): number {
  return WIDTH_PX[name] ?? FALLBACK_PX;
}

export function usualColumns(kind: TableKind): TableColumn[] {
  return USUAL[kind].map((name) => ({ name, widthPx: usualWidth(name) }));
}

/** Columns an address names, as wide as they are liked; null where it names none. */
export function namedColumns(names: readonly string[] | null, liked: readonly TableColumn[]): TableColumn[] | null {
  const known = (names ?? []).filter(isTableColumn);
  if (known.length === 0) return null;
  return [...new Set(known)].map((name) => ({
    name,
    widthPx: liked.find((one) => one.name === name)?.widthPx ?? usualWidth(name),
  }));
}

export function fieldOf(name: TableColumnName): TableField {
  const found = TABLE_FIELDS.find((field) => field.name === name);
  if (!found) throw new Error(`${name} is no column`);
  return found;
}

/** A width that a column can have. */
export function boundedWidth(px: number): number {
  return Math.round(Math.min(MAX_COLUMN_PX, Math.max(MIN_COLUMN_PX, px)));
}

/** The grid that head and rows share, and how wide it is at least. */
export function gridOf(columns: readonly TableColumn[]): { gridTemplateColumns: string; minWidth: number } {
  const growing = GROWS.find((name) => columns.some((column) => column.name === name)) ?? columns.at(-1)?.name;
  return {
    gridTemplateColumns: [
      `${MARK_PX}px`,
      ...columns.map(({ name, widthPx }) => (name === growing ? `minmax(${widthPx}px, 1fr)` : `${widthPx}px`)),
    ].join(' '),
    minWidth: columns.reduce((sum, { widthPx }) => sum + widthPx + GAP_PX, MARK_PX + EDGE_PX * 2),
  };
}

/** With a column moved to where another one stands; as they were where there is none. */
export function movedColumn(columns: readonly TableColumn[], from: number, to: number): TableColumn[] {
  const moved = columns[from];
  if (!moved || !columns[to]) return [...columns];
  return columns.toSpliced(from, 1).toSpliced(to, 0, moved);
}
