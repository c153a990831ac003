import 'server-only';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import type { Head } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { UuidPlace } from '../db/places';

/** Heads we witnessed, newest first. @throws AppError NOT_FOUND. */
export async function listHeads(ctx: Context, { chainId, cursor, limit }: { chainId: string; cursor?: string; limit: number }): Promise<Page<Head>> {
  const chain = await requireChain(ctx.db, chainId);
  const after = cursor ? decodeCursor(UuidPlace, cursor)[0] : null;
  const rows = await ctx.db
    .selectFrom('heads')
    .selectAll()
    .where('chain_id', '=', chainId)
    .$if(after !== null, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row): Head => {
    const isEnd = row.hash === chain.head && row.records === chain.records;
    const state = isEnd ? 'current' : row.state === null || row.state === 'held' ? (row.records > chain.records ? 'missing' : 'extended') : row.state;
    return { hash: row.hash, records: row.records, bytes: row.size_bytes, observedAt: row.observed_at.toISOString(), uploadId: row.upload_id, state, differsFrom: row.differs_from };
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items, nextCursor: last ? encodeCursor([last.id]) : null };
}
