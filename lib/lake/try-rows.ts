import 'server-only';
import type { Context } from '../context';
import type { EventRow } from './event-row';
import { isOfRows } from './insert-rows';
import { nativeBlock } from './native-block';
import { insertBlockInto } from './write';

type Column = { name: string; type: string };

/** Those of some rows that the lake refuses: they are sent to it as an INSERT would be, to a table that keeps nothing. @throws when the lake does not answer. */
export async function refusedByLake(ctx: Pick<Context, 'lake'>, rows: readonly EventRow[]): Promise<Set<EventRow>> {
  if (rows.length === 0) return new Set();
  const result = await ctx.lake.query({
    query: `SELECT name, type FROM system.columns WHERE table = 'events' AND database = currentDatabase() AND default_kind != 'MATERIALIZED' ORDER BY position`,
    format: 'JSONEachRow',
  });
  const structure = (await result.json<Column>()).map(({ name, type }) => `${name} ${type}`).join(', ');
  return refused(ctx, `FUNCTION null('${structure.replaceAll(/['\\]/g, '\\$&')}')`, rows);
}

async function refused(ctx: Pick<Context, 'lake'>, table: string, rows: readonly EventRow[]): Promise<Set<EventRow>> {
  try {
    await insertBlockInto(ctx, table, nativeBlock(rows));
    return new Set();
  } catch (error) {
    if (!isOfRows(error)) throw error;
    if (rows.length === 1) return new Set(rows);
    const half = Math.ceil(rows.length / 2);
    return (await refused(ctx, table, rows.slice(0, half))).union(await refused(ctx, table, rows.slice(half)));
  }
}
