import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import { COLUMN_NAMES, type EventRow } from './event-row';
import { NEXT, tablesOf } from './migrate';

/** ClickHouse's code for a table that is not there. */
const UNKNOWN_TABLE = '60';

/**
 * Inserts rows wherever they belong: while rows are made again in a new table that one gets them first. When it took the other's place in between
 * they stand twice in one table for a moment, which is once for every reader.
 */
export async function insertEvents(ctx: Context, rows: readonly EventRow[]): Promise<void> {
  for (const table of await written(ctx)) {
    await unlessReplaced(table, () => insertInto(ctx, table, rows));
  }
}

/** Deletes rows by a condition of ours, and resolves when nobody sees them any more. Costs a read when there are none. */
export async function deleteEvents(ctx: Context, where: string, parameters: Record<string, unknown>): Promise<void> {
  for (const table of await written(ctx)) {
    await unlessReplaced(table, async () => {
      const found = await ctx.lake.query({
        query: `SELECT 1 FROM ${table} WHERE ${where} LIMIT 1`,
        query_params: parameters,
        format: 'JSONEachRow',
      });
      if ((await found.json()).length === 0) return;
      await ctx.lake.command({
        query: `DELETE FROM ${table} WHERE ${where} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
        query_params: parameters,
      });
    });
  }
}

/** Inserts rows into one table. */
export async function insertInto(
  { lake }: Pick<Context, 'lake'>,
  table: string,
  rows: readonly EventRow[],
): Promise<void> {
  await lake.insert({
    table,
    values: rows.map(({ values }) => values),
    columns: [...COLUMN_NAMES] as [string, ...string[]],
    format: 'JSONCompactEachRow',
  }); // there are columns
}

async function written(ctx: Context): Promise<string[]> {
  return (await tablesOf(ctx.lake)).has(NEXT) ? [NEXT, 'events'] : ['events'];
}

async function unlessReplaced(table: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(table === NEXT && error instanceof ClickHouseError && error.code === UNKNOWN_TABLE)) throw error;
  }
}
