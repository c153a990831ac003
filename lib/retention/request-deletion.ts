import 'server-only';
import { type Actor, actorKey } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { lockUntilCommit } from '../db/lock';
import type { ChainRetention, RetentionState } from '../schemas/retention';
import { chainRetention } from './list-retention';
import { type RetentionRow, retentionRow } from './retention-rows';

/** Why a chain cannot be deleted, by what stands between. */
const WHY: Readonly<Record<Exclude<RetentionState, 'deletable'>, (row: RetentionRow) => string>> = {
  deleted: () => 'it was deleted already',
  deleting: () => 'it is being deleted already',
  held: ({ holds }) => `it is under ${holds === 1 ? 'a legal hold' : `${holds} legal holds`}`,
  'for-ever': () => 'it is kept for ever',
  kept: ({ ends_at: endsAt }) => `its retention ends at ${endsAt?.toISOString()}`,
  'not-sealed': () => 'it is not sealed: what still grows is kept',
  working: () => 'it is still being verified, loaded or searched',
  damaged: () => 'its stored bytes were altered or are missing: a tombstone could not say what they were',
};

/** @throws AppError CONFLICT with what stands between the chain and its deletion. */
export function requireDeletable(row: RetentionRow): void {
  if (row.state === 'deletable') return;
  throw new AppError('CONFLICT', `chain "${row.name}" cannot be deleted: ${WHY[row.state](row)}`, {
    chainId: row.id,
    state: row.state,
  });
}

/**
 * Queues the deletion of a chain whose retention has ended. `head` and `records` are what whoever asks saw of it. @throws AppError NOT_FOUND, CONFLICT when
 * something stands between, or when the chain is another one by now.
 */
export async function requestDeletion(
  ctx: Context,
  { chainId, head, records, actor }: { chainId: string; head: string | null; records: number; actor: Actor },
): Promise<ChainRetention> {
  const { name } = await requireChain(ctx.db, chainId);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', name);
    const row = await retentionRow(tx, chainId, ctx.now());
    if (!row) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId });
    requireDeletable(row);
    if (row.head !== head || row.records !== records)
      throw new AppError(
        'CONFLICT',
        `chain "${name}" has ${row.records} records and another head by now; look at it again`,
        {
          chainId,
          records: row.records,
        },
      );
    const values = {
      state: 'waiting' as const,
      attempts: 0,
      next_try_at: ctx.now(),
      failure: null,
      requested_by: actor.name,
      requested_by_id: actorKey(actor),
      requested_at: ctx.now(),
    };
    const { id } = await tx
      .insertInto('chain_deletions')
      .values({ chain_id: chainId, ...values })
      .onConflict((conflict) => conflict.column('chain_id').doUpdateSet(values))
      .returning('id')
      .executeTakeFirstOrThrow();
    await ctx.queue.send(tx, 'delete-chain', { requestId: id });
    await audit.append(tx, actor, { action: 'chain.request-deletion', subjectId: chainId, details: { records, head } });
  });
  return chainRetention(ctx, { chainId });
}
