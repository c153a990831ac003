import 'server-only';
import { SIGNER } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { leaseEnd, retryAt, underLease } from '../../db/lease';
import { attest } from '../attest';

/** What will be as it is when it is tried again. */
const FINAL: ReadonlySet<string> = new Set(['NOT_FOUND', 'TOO_LARGE', 'BAD_REQUEST', 'EVIDENCE_DELETED']);

/**
 * Signs what was asked for, once: the attestation's id, or null when another is at work on it, it was done before, or the chain went on.
 * A request that cannot be signed now waits, longer each time, and says why. @throws AppError, whatever kept it from being signed.
 */
export async function runRequest(ctx: Context, requestId: string): Promise<string | null> {
  const request = await ctx.db
    .updateTable('attestation_requests')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_try_at: leaseEnd(ctx) }))
    .where('id', '=', requestId)
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', ctx.now())
    .returningAll()
    .executeTakeFirst();
  if (!request) return null;
  try {
    if (await hasPassed(ctx, request)) {
      await ctx.db
        .updateTable('attestation_requests')
        .set({ state: 'passed', failure: null })
        .where('id', '=', requestId)
        .where('state', '=', 'waiting')
        .execute();
      return null;
    }
    const renew = () =>
      ctx.db
        .updateTable('attestation_requests')
        .set({ next_try_at: leaseEnd(ctx) })
        .where('id', '=', requestId)
        .where('state', '=', 'waiting')
        .execute();
    return await underLease(ctx, renew, () => attest(ctx, request));
  } catch (error) {
    const isFinal = error instanceof AppError && FINAL.has(error.code);
    const failure = error instanceof AppError ? error.message : 'an unexpected failure, described in the log';
    await ctx.db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('attestation_requests')
        .set({
          state: isFinal ? 'failed' : 'waiting',
          failure,
          failed_at: ctx.now(),
          next_try_at: retryAt(ctx, request.attempts),
        })
        .where('id', '=', requestId)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (isFinal && numUpdatedRows > 0n)
        await audit.append(tx, SIGNER, {
          action: 'attestation-request.fail',
          subjectId: requestId,
          details: { code: error.code },
          chainId: request.chain_id,
        });
    });
    throw error;
  }
}

/** A policy attests a chain as it stands: what it stood at before is covered by what it stands at now. */
async function hasPassed(
  ctx: Context,
  { chain_id: chainId, generation }: { chain_id: string | null; generation: number | null },
): Promise<boolean> {
  if (chainId === null || generation === null) return false;
  const chain = await ctx.db.selectFrom('chains').select('generation').where('id', '=', chainId).executeTakeFirst();
  return chain?.generation !== generation;
}
