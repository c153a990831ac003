import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import type { Head, HeadSort } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { countOf } from '../db/count-of';
import { type SortColumns, listOrder } from '../db/list-order';
import type { Database } from '../db/schema';

const SORTED_BY: SortColumns<'seen' | 'records' | 'size'> = {
  seen: null,
  records: { value: sql<number>`heads.records`, type: 'bigint' },
  size: { value: sql<number>`heads.size_bytes`, type: 'bigint' },
};

/** Heads we witnessed, newest first, unless another order is asked for. @throws AppError NOT_FOUND. */
export async function listHeads(
  ctx: Context,
  {
    chainId,
    cursor,
    limit,
    withTotal = false,
    sort = '-seen',
  }: { chainId: string; cursor?: string; limit: number; withTotal?: boolean; sort?: HeadSort },
): Promise<Page<Head>> {
  const chain = await requireChain(ctx.db, chainId);
  const order = listOrder(sort, SORTED_BY, sql<string>`heads.id`);
  const rows = await ctx.db
    .selectFrom('heads')
    .leftJoin('uploads', 'uploads.id', 'heads.upload_id')
    .selectAll('heads')
    .select('uploads.forked_at')
    .where('heads.chain_id', '=', chainId)
    .where(order.after(cursor))
    .select(order.place.as('place'))
    .orderBy(order.orderBy)
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => toHead(row, chain));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items,
    nextCursor: last ? order.cursorOf(last) : null,
    ...(withTotal && { total: await countOf(ctx.db, 'heads', chainId) }),
  };
}

/** The newest `most` heads of each of several chains, by id. */
export async function newestHeads(
  ctx: Context,
  chainIds: readonly string[],
  most: number,
): Promise<Map<string, Head[]>> {
  const rows = await ctx.db
    .selectFrom('chains as c')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('heads')
          .leftJoin('uploads', 'uploads.id', 'heads.upload_id')
          .selectAll('heads')
          .select('uploads.forked_at')
          .whereRef('heads.chain_id', '=', 'c.id')
          .orderBy('heads.id', 'desc')
          .limit(most)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .where(sql<boolean>`c.id = ANY(${chainIds}::uuid[])`)
    .selectAll('newest')
    .select(['c.head as chain_head', 'c.records as chain_records'])
    .orderBy('newest.id', 'desc')
    .execute();
  return new Map(
    Map.groupBy(rows, (row) => row.chain_id)
      .entries()
      .map(([id, of]) => [id, of.map((row) => toHead(row, { head: row.chain_head, records: row.chain_records }))]),
  );
}

function toHead(
  row: Selectable<Database['heads']> & { forked_at: number | null },
  chain: { head: string | null; records: number },
): Head {
  const isEnd = row.hash === chain.head && row.records === chain.records;
  const state = isEnd
    ? 'current'
    : row.state === null || row.state === 'held'
      ? row.records > chain.records
        ? 'missing'
        : 'extended'
      : row.state;
  return {
    hash: row.hash,
    records: row.records,
    bytes: row.size_bytes,
    observedAt: row.observed_at.toISOString(),
    uploadId: row.upload_id,
    forkedAt: row.forked_at,
    state,
    differsFrom: row.differs_from,
  };
}
