import { COLUMNS } from './fields';

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
