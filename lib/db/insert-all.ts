import type { InsertObject } from 'kysely';
import type { Tx } from './database';
import type { Database } from './schema';

/** A statement takes 65,535 values at most. */
const ROWS_AT_ONCE = 1000;

/** Inserts rows however many there are, none included; each of at most 65 columns. */
export async function insertAll<Table extends keyof Database>(
  tx: Tx,
  table: Table,
  rows: readonly InsertObject<Database, Table>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx
      .insertInto(table)
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
}
