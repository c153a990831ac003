import 'server-only';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ClickHouseError } from '@clickhouse/client';
import type { Context } from '../context';
import { COLUMN_NAMES } from './event-row';
import { changedAs } from './layout';
import { NEXT, tablesOf } from './migrate';

/** ClickHouse's code for a table that is not there. */
const UNKNOWN_TABLE = '60';

/**
 * Inserts a block of rows wherever it belongs: while rows are made again in a new table that one gets them first. When it took the other's place in
 * between they stand twice in one table for a moment, which is once for every reader.
 */
export async function insertBlock(ctx: Context, block: Uint8Array): Promise<void> {
  for (const table of await written(ctx)) {
    await unlessReplaced(table, () => insertBlockInto(ctx, table, block));
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
        query: `DELETE FROM ${changedAs(table, ctx.env.lakeCluster)} WHERE ${where} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
        query_params: parameters,
      });
    });
  }
}

/** Inserts a block of rows into one table; none when it holds none. */
export async function insertBlockInto(
  { lake }: Pick<Context, 'lake'>,
  table: string,
  block: Uint8Array,
): Promise<void> {
  if (block.length === 0) return;
  const { stream } = await lake.exec({
    query: `INSERT INTO ${table} (${COLUMN_NAMES.join(', ')}) FORMAT Native`,
    values: Readable.from([block], { objectMode: false }),
  });
  await drained(stream);
}

/** Reads an answer to its end, so that its connection can be used again. */
async function drained(stream: Readable): Promise<void> {
  stream.resume();
  await finished(stream);
}

async function written(ctx: Context): Promise<string[]> {
  return (await tablesOf(ctx.lake, ctx.env.lakeCluster)).has(NEXT) ? [NEXT, 'events'] : ['events'];
}

async function unlessReplaced(table: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(table === NEXT && error instanceof ClickHouseError && error.code === UNKNOWN_TABLE)) throw error;
  }
}
