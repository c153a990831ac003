import 'server-only';
import type { Db, Tx } from './database';

/**
 * What a chain held right after an upload: the digests of its segments in order. Everything uploaded stays in evidence.
 * Null when the upload is not of this chain.
 */
export async function contentAfter(
  db: Db | Tx,
  chainId: string,
  uploadId: string,
): Promise<{ digest: string }[] | null> {
  const uploads = await db
    .selectFrom('uploads')
    .select(['id', 'relation'])
    .where('chain_id', '=', chainId)
    .where('id', '<=', uploadId)
    .orderBy('id')
    .execute();
  if (uploads.at(-1)?.id !== uploadId) return null;
  const start = uploads.findLastIndex(({ relation }) => relation !== 'continues');
  const parts = uploads.slice(Math.max(0, start)).map(({ id }) => id);
  return db
    .selectFrom('upload_segments')
    .select('digest')
    .where('upload_id', 'in', parts)
    .orderBy('upload_id')
    .orderBy('index')
    .execute();
}
