import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { requireChain } from '../../db/chains';
import type { Tx } from '../../db/database';
import { requireNotDeleted } from '../../db/deleted-chains';
import type { RequestCause, Scope } from '../../schemas/attestation-requests';
import { requireSettled } from '../require-settled';

export type Ask = {
  chainId: string | null;
  generation: number | null;
  scope: Scope;
  cause: RequestCause;
  actor: Actor;
  /** Who is shown as having asked, where that is not the actor. */
  onBehalfOf?: string;
  /** Of requests with the same key the first is kept. */
  dedupeKey?: string;
  supersedes?: string;
};

/** Writes a request down; null when one with its key is there. It is tried at once by its writer, or by a worker. */
export function writeRequest(ctx: Context, ask: Ask): Promise<string | null> {
  return ctx.db.transaction().execute((tx) => writeRequestIn(ctx, tx, ask));
}

export async function writeRequestIn(ctx: Context, tx: Tx, ask: Ask): Promise<string | null> {
  const row = await tx
    .insertInto('attestation_requests')
    .values({
      dedupe_key: ask.dedupeKey ?? null,
      chain_id: ask.chainId,
      generation: ask.generation,
      scope: JSON.stringify(ask.scope),
      cause: ask.cause,
      requested_by: ask.onBehalfOf ?? ask.actor.name,
      requested_at: ctx.now(),
      next_try_at: ctx.now(),
      supersedes: ask.supersedes ?? null,
    })
    .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return null;
  await audit.append(tx, ask.actor, {
    action: 'attestation-request.create',
    subjectId: row.id,
    chainId: ask.chainId,
    details: { chainId: ask.chainId, scope: ask.scope.kind, cause: ask.cause, supersedes: ask.supersedes ?? null },
  });
  return row.id;
}

/** @throws AppError NOT_FOUND, EVIDENCE_DELETED, CONFLICT when nothing of the chain can be attested now: a person who asks is told at once. */
export async function requireAttestable(ctx: Context, chainId: string): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  await requireNotDeleted(ctx.db, chainId);
  const segment = await ctx.db
    .selectFrom('chain_segments')
    .select('digest')
    .where('chain_id', '=', chainId)
    .limit(1)
    .executeTakeFirst();
  requireSettled(chain, segment !== undefined);
}
