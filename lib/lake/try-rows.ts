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
  const table = `FUNCTION null('${structure.replaceAll(/['\\]/g, '\\$&')}')`;
  return refusedBy((some) => insertBlockInto(ctx, table, nativeBlock(some)), rows);
}

/** Those of some rows for which an INSERT fails as one of them is no row. @throws when it fails for another reason */
export async function refusedBy(
  insert: (rows: readonly EventRow[]) => Promise<void>,
  rows: readonly EventRow[],
): Promise<Set<EventRow>> {
  try {
    await insert(rows);
    return new Set();
  } catch (error) {
    if (!isOfRows(error)) throw error;
    if (rows.length === 1) return new Set(rows);
    const half = Math.ceil(rows.length / 2);
    return (await refusedBy(insert, rows.slice(0, half))).union(await refusedBy(insert, rows.slice(half)));
  }
}
