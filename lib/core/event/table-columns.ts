import { COLUMNS } from './columns.browser';

type Column = (typeof COLUMNS)[number];
/** What is known only of a record that is opened. */
const OF_ONE = ['segment_index', 'segment_digest', 'prev_hash', 'sequence'] as const;
export type TableField = Exclude<Column, { name: (typeof OF_ONE)[number] }>;

/** Fields a table of records can show, in the order they are offered. */
export const TABLE_FIELDS: readonly TableField[] = COLUMNS.filter(
  (column): column is TableField => !OF_ONE.some((name) => name === column.name),
);
export type TableColumnName = TableField['name'];
export const TABLE_COLUMN_NAMES: readonly TableColumnName[] = TABLE_FIELDS.map(({ name }) => name);

/** No order: the id of a chain is not its name, a hash says nothing of what it is of, and what came of a check may change while pages are read. */
const WITHOUT_ORDER = ['chain_id', 'hash', 'integrity'] as const;
type SortField = Exclude<TableField, { name: (typeof WITHOUT_ORDER)[number] }>;
export type SortColumnName = SortField['name'];

/** Fields that records can be put in order by. */
export const SORT_FIELDS: readonly SortField[] = TABLE_FIELDS.filter(
  (field): field is SortField => !WITHOUT_ORDER.some((name) => name === field.name),
);

export function sortField(column: SortColumnName): SortField {
  const field = SORT_FIELDS.find(({ name }) => name === column);
  if (!field) throw new Error(`${column} is no column that records are put in order by`);
  return field;
}

/** An order of records: by a column upwards, or downwards with a minus before it. */
export type EventSort = SortColumnName | `-${SortColumnName}`;

/** Of fields that have no label of their own. */
const LABELS: Readonly<Partial<Record<TableColumnName, string>>> = {
  chain_id: 'Chain',
  ordinal: 'Record',
  line: 'Line',
  byte_offset: 'Byte offset',
  byte_length: 'Bytes',
  format: 'Format',
  hash: 'Hash',
  integrity: 'Integrity',
};

/** What stands above the column of a field. */
export function columnLabel(field: TableField): string {
  return 'label' in field ? field.label : (LABELS[field.name] ?? field.name);
}

/** In pixels. */
export const MIN_COLUMN_PX = 48;
export const MAX_COLUMN_PX = 1_200;

/** Whether a text is the name of a column. */
export function isTableColumn(name: string): name is TableColumnName {
  return TABLE_COLUMN_NAMES.some((known) => known === name);
}
