import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { requireChain, segmentsOf } from '../db/chains';
import { DELETED_CHAINS } from '../db/deleted-chains';
import { lockUntilCommit } from '../db/lock';
import { tailBytes } from '../db/tail-bytes';
import { insertRows } from './insert-rows';
import { loadSegment } from './load-segment';
import { changedAs, dropEvents, swapEvents } from './layout';
import { BEFORE, NEXT, lakeVersion, record, run, tablesOf } from './migrate';
import { LAKE_MIGRATIONS } from './migrations';
import type { LakeMigration } from './migrations/migration';
import { nativeBlock } from './native-block';
import { reloadChain } from './reload-chain';
import { rowsOfTail, worstOfChain, worstOfTail } from './rows-of';
import { insertBlockInto } from './write';

/** How far a rebuild is. */
export type Refill = { chains: number; filled: number };

/** What evidence gives of a chain can be another number of records than what is on record: then it was filled once, as it stands, and is done. */
type Done = Set<string>;

/**
 * Goes on with a rebuild that a migration began: makes the rows of every chain again from evidence in the new table, while the old one serves and
 * both take what comes, and lets it take the other's place once it has every record. One process at a time; can stop and go on anywhere.
 */
export async function refillLake(
  ctx: Context,
  signal?: AbortSignal,
  migrations: readonly LakeMigration[] = LAKE_MIGRATIONS,
): Promise<void> {
  const done: Done = new Set();
  while (await refillStep(ctx, done, migrations)) signal?.throwIfAborted();
}

/** Fills one chain, or ends the rebuild. False when there is nothing to rebuild any more. */
async function refillStep(ctx: Context, done: Done, migrations: readonly LakeMigration[]): Promise<boolean> {
  const there = await tablesOf(ctx.lake, ctx.env.lakeCluster);
  if (!there.has(NEXT) && !there.has(BEFORE)) return false;
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'lake-refill', '');
    const tables = await tablesOf(ctx.lake, ctx.env.lakeCluster); // another process may have ended it meanwhile
    if (tables.has(NEXT)) {
      const [next] = (await lacking(ctx)).filter(({ key }) => !done.has(key));
      if (next) {
        await fillChain(ctx, next.id);
        done.add(next.key);
        return true;
      }
      await ctx.lake.command({ query: swapEvents('events', NEXT, BEFORE, ctx.env.lakeCluster) });
    } else if (!tables.has(BEFORE)) return false;
    // What a process of the version before wrote after the last look went to the old table alone.
    for (const { id, key } of await lacking(ctx, 'events')) if (!done.has(key)) await reloadChain(ctx, { chainId: id });
    await run(ctx.lake, dropEvents([BEFORE, NEXT], ctx.env.lakeCluster));
    await record(ctx.lake, (await lakeVersion(ctx.lake, migrations)).pending);
    return false;
  });
}

/** How many chains have records loaded, and of how many the new table has them all; null when nothing is being rebuilt. */
export async function refillState(ctx: Context): Promise<Refill | null> {
  if (!(await tablesOf(ctx.lake, ctx.env.lakeCluster)).has(NEXT)) return null;
  const [expected, missing] = await Promise.all([expectedRecords(ctx), lacking(ctx)]);
  return { chains: expected.length, filled: expected.length - missing.length };
}

/** Chains of which a table does not have as many records as are on record as loaded; `key` is another once that number is. */
async function lacking(ctx: Context, table = NEXT): Promise<{ id: string; key: string }[]> {
  const result = await ctx.lake.query({
    query: `SELECT toString(chain_id) AS chain, uniqExact(ordinal) AS records FROM ${table} GROUP BY chain_id`,
    format: 'JSONEachRow',
  });
  const found = new Map(
    (await result.json<{ chain: string; records: number }>()).map(({ chain, records }) => [chain, records]),
  );
  return (await expectedRecords(ctx)).flatMap(({ id, records }) =>
    records === (found.get(id) ?? 0) ? [] : [{ id, key: `${id} ${records}` }],
  );
}

async function expectedRecords(ctx: Context): Promise<{ id: string; records: number }[]> {
  const rows = await ctx.db
    .selectFrom('chains as c')
    .leftJoin('tails as t', 't.chain_id', 'c.id')
    .select((eb) => [
      'c.id',
      eb
        .selectFrom('chain_segments as s')
        .whereRef('s.chain_id', '=', 'c.id')
        .where('s.loaded_generation', 'is not', null)
        .select(({ fn }) => fn.sum<string | null>('s.records').as('records'))
        .as('closed'),
      sql<number | null>`greatest(t.loaded_records - t.closed_records, 0)`.as('open'),
    ])
    .where('c.id', 'not in', DELETED_CHAINS)
    .execute();
  // sum(bigint) is numeric, which arrives as text
  return rows
    .map(({ id, closed, open }) => ({ id, records: Number(closed ?? 0) + Number(open ?? 0) }))
    .filter(({ records }) => records > 0);
}

/** Makes the rows of a chain again in the new table: what of it is on record as loaded. */
async function fillChain(ctx: Context, chainId: string): Promise<void> {
  const insertNext = (block: Uint8Array) => insertBlockInto(ctx, NEXT, block);
  await ctx.lake.command({
    query: `DELETE FROM ${changedAs(NEXT, ctx.env.lakeCluster)} WHERE chain_id = {chainId: UUID} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
    query_params: { chainId },
  });
  const chain = await requireChain(ctx.db, chainId);
  const integrity = await worstOfChain(ctx, chainId);
  for (const segment of await segmentsOf(ctx.db, chainId)) {
    if (segment.loaded_generation === null) continue;
    await loadSegment(ctx, chain, segment, integrity, insertNext);
  }
  const tail = await ctx.db.selectFrom('tails').selectAll().where('chain_id', '=', chainId).executeTakeFirst();
  if (!tail || tail.loaded_bytes <= tail.closed_bytes) return;
  const from = { bytes: tail.closed_bytes, records: tail.closed_records, lines: tail.closed_lines };
  const rows = rowsOfTail(
    ctx,
    chain,
    from,
    await tailBytes(ctx, chainId, tail.closed_bytes, tail.loaded_bytes),
    await worstOfTail(ctx, chainId, from.records),
  );
  for await (const batch of rows) await insertRows(ctx, batch, (kept) => insertNext(nativeBlock(kept)));
}
