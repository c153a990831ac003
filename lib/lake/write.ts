import 'server-only';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import { NEXT, tablesOf } from './migrate';

/** ClickHouse's code for a table that is not there. */
const UNKNOWN_TABLE = '60';

type Values = Record<string, unknown>;

/**
 * Inserts rows wherever they belong: while rows are made again in a new table that one gets them first. When it took the other's place in between
 * they stand twice in one table for a moment, which is once for whoever reads.
 */
export async function insertEvents(ctx: Context, values: readonly Values[]): Promise<void> {
  for (const table of await written(ctx)) {
    await unlessReplaced(table, () => ctx.lake.insert({ table, values: [...values], format: 'JSONEachRow', clickhouse_settings: { input_format_skip_unknown_fields: 1 } }));
  }
}

/** Deletes rows by a condition of ours, and resolves when nobody sees them any more. Costs a read when there are none. */
export async function deleteEvents(ctx: Context, where: string, parameters: Record<string, unknown>): Promise<void> {
  for (const table of await written(ctx)) {
    await unlessReplaced(table, async () => {
      const found = await ctx.lake.query({ query: `SELECT 1 FROM ${table} WHERE ${where} LIMIT 1`, query_params: parameters, format: 'JSONEachRow' });
      if ((await found.json()).length === 0) return;
      await ctx.lake.command({ query: `DELETE FROM ${table} WHERE ${where} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`, query_params: parameters });
    });
  }
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
