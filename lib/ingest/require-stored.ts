import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import { shareUntilCommit } from '../db/lock';

/**
 * Makes sure that objects which are put on record now are in the store and stay there: the same bytes may have been deleted with a chain, and be about to be taken
 * out. Until the caller's transaction ends nothing is. @throws AppError BUSY when they were taken out since they were stored.
 */
export async function requireStored(ctx: Context, tx: Tx, digests: readonly string[]): Promise<void> {
  await shareUntilCommit(tx, 'deletion', '');
  if (digests.length === 0) return;
  const once = await tx
    .selectFrom('deleted_objects')
    .select('digest')
    .distinct()
    .where('digest', 'in', digests)
    .execute();
  for (const { digest } of once)
    if ((await ctx.evidence.stat(digest)) === null)
      throw new AppError('BUSY', 'the same bytes were being deleted with another chain; send them again', { digest });
}
