import * as z from 'zod';
import { MAX_COLUMN_PX, MIN_COLUMN_PX, TABLE_COLUMN_NAMES } from '../core/event/table-columns';
import { namesEachOnce } from './right-search';

const TableColumnName = z.enum(TABLE_COLUMN_NAMES);
/** A column of a table of records, and how wide it is. */
const TableColumn = z.object({
  name: TableColumnName,
  widthPx: z.number().int().min(MIN_COLUMN_PX).max(MAX_COLUMN_PX),
});
export type TableColumn = z.infer<typeof TableColumn>;

/** Names of columns in their order, each once. */
export const ColumnNames = z
  .array(TableColumnName)
  .min(1)
  .max(TABLE_COLUMN_NAMES.length)
  .refine(namesEachOnce, { message: 'names a column twice' });

/** Columns in their order, each once. */
const TableColumns = z
  .array(TableColumn)
  .min(1)
  .max(TABLE_COLUMN_NAMES.length)
  .refine((columns) => namesEachOnce(columns.map(({ name }) => name)), {
    message: 'names a column twice',
  });

/** What a person may like otherwise, by its name: the columns of the table of records of all chains, and of one. */
export const PreferenceName = z.enum(['event-columns', 'record-columns']);
export type PreferenceName = z.infer<typeof PreferenceName>;

export const Preference = z.object({
  /** Null while it is as it is for everybody. */
  columns: TableColumns.nullable(),
});
export type Preference = z.infer<typeof Preference>;
