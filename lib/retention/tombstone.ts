import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { readObject } from '../evidence/store';

/** The bundle that says what was deleted of a chain. @throws AppError NOT_FOUND when none of it was. */
export async function readTombstone(ctx: Context, { chainId }: { chainId: string }): Promise<Buffer> {
  await requireChain(ctx.db, chainId);
  const row = await ctx.db
    .selectFrom('chain_deletions')
    .select(['tombstone_digest', 'tombstone_bytes'])
    .where('chain_id', '=', chainId)
    .executeTakeFirst();
  if (!row?.tombstone_digest || row.tombstone_bytes === null)
    throw new AppError('NOT_FOUND', 'the chain was not deleted: it has no tombstone', { chainId });
  return readObject(ctx.evidence, row.tombstone_digest, { sizeBytes: row.tombstone_bytes });
}
