import 'server-only';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { countOf } from '../db/count-of';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { UuidCursor } from '../db/cursor-shapes';
import type { Page } from '../schemas/common';
import type { Upload } from '../schemas/uploads';

/** Everything ever sent to the chain, newest first. @throws AppError NOT_FOUND. */
export async function listUploads(
  ctx: Context,
  { chainId, cursor, limit }: { chainId: string; cursor?: string; limit: number },
): Promise<Page<Upload>> {
  await requireChain(ctx.db, chainId);
  const after = cursor ? decodeCursor(UuidCursor, cursor)[0] : null;
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
    .$if(after !== null, (query) => query.where('u.id', '<', after ?? ''))
    .orderBy('u.id', 'desc')
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
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null,
    total: await countOf(ctx.db, 'uploads', chainId),
  };
}
