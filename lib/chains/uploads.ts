import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { countOf } from '../db/count-of';
import { type SortColumns, listOrder } from '../db/list-order';
import type { Page } from '../schemas/common';
import type { Upload, UploadSort } from '../schemas/uploads';

const SORTED_BY: SortColumns<'received' | 'file' | 'records' | 'size'> = {
  received: null,
  file: { value: sql<string>`u.file_name`, type: 'text' },
  records: { value: sql<number>`u.records`, type: 'bigint' },
  size: { value: sql<number>`u.size_bytes`, type: 'bigint' },
};

/** Everything ever sent to the chain, newest first, unless another order is asked for. @throws AppError NOT_FOUND. */
export async function listUploads(
  ctx: Context,
  {
    chainId,
    sort = '-received',
    cursor,
    limit,
  }: { chainId: string; sort?: UploadSort; cursor?: string; limit: number },
): Promise<Page<Upload>> {
  await requireChain(ctx.db, chainId);
  const order = listOrder(sort, SORTED_BY, sql<string>`u.id`);
  const rows = await ctx.db
    .selectFrom('uploads as u')
    .selectAll('u')
    .select((eb) =>
      eb
        .selectFrom('archives as a')
        .whereRef('a.digest', '=', 'u.archive_sha256')
        .orderBy('a.received_at', 'desc')
        .limit(1)
        .select('a.file_name')
        .as('archive_name'),
    )
    .where('u.chain_id', '=', chainId)
    .where(order.after(cursor))
    .select(order.place.as('place'))
    .orderBy(order.orderBy)
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(
    (row): Upload => ({
      id: row.id,
      fileName: row.file_name,
      sha256: row.sha256,
      bytes: row.size_bytes,
      records: row.records,
      relation: row.relation,
      forkedAt: row.forked_at,
      archive: row.archive_sha256
        ? { sha256: row.archive_sha256, fileName: row.archive_name ?? '', paths: row.archive_paths ?? [] }
        : null,
      receivedBy: row.received_by,
      receivedAt: row.received_at.toISOString(),
    }),
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items,
    nextCursor: last ? order.cursorOf(last) : null,
    total: await countOf(ctx.db, 'uploads', chainId),
  };
}
