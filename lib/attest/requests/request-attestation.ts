import 'server-only';
import type { Actor } from '../../access/actor';
import { requireChainAllowed, requireEveryChain } from '../../access/chain-limit';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError, type ErrorCode } from '../../core/errors';
import { requireChain } from '../../db/chains';
import type { AttestationRequest, ChainScope, PeriodScope } from '../../schemas/attestation-requests';
import type { Attestation } from '../../schemas/attestations';
import { getAttestationRow } from '../attestations';
import { requireAttestable } from './ask';
import { getRequest } from './list';
import { runRequest } from './run';
import { enqueueRequest } from './write-demand';

/** What became of what somebody asked for: signed, or written down and waiting. */
export type Requested =
  | { attestation: Attestation; request: null }
  | { attestation: null; request: AttestationRequest };

/** What a signing service that is away is told by: the request waits for it. Anything else is the caller's to mend. */
const WAITS: ReadonlySet<ErrorCode> = new Set(['SIGNING_UNAVAILABLE', 'SIGNING_FAILED']);

/** Attests a chain, or part of it, because somebody asked. @throws AppError NOT_FOUND, CONFLICT while its verdict is pending, TOO_LARGE. */
export async function requestChainAttestation(
  ctx: Context,
  { chainId, scope, actor }: { chainId: string; scope: ChainScope; actor: Actor },
): Promise<Requested> {
  await requireMayAttest(ctx, actor, [chainId]);
  await requireAttestable(ctx, chainId);
  return ask(ctx, { chainId, scope, actor });
}

/** Attests what several chains recorded in a period; with a key that was asked with before, the same request goes on. @throws AppError NOT_FOUND, CONFLICT, TOO_LARGE, BUSY. */
export async function requestPeriodAttestation(
  ctx: Context,
  wanted: { scope: PeriodScope; actor: Actor; onBehalfOf?: string; dedupeKey?: string },
): Promise<Requested> {
  await requireMayAttest(ctx, wanted.actor, wanted.scope.chainIds);
  return ask(ctx, { chainId: null, ...wanted });
}

/** Attests again what an attestation covers, as it stands now; once signed, it takes the old one's place. @throws AppError NOT_FOUND, CONFLICT, TOO_LARGE. */
export async function supersedeAttestation(
  ctx: Context,
  { attestationId, actor }: { attestationId: string; actor: Actor },
): Promise<Requested> {
  const old = await getAttestationRow(ctx, { attestationId });
  if (old.supersededBy)
    throw new AppError('CONFLICT', 'another attestation replaced it already', {
      attestationId,
      supersededBy: old.supersededBy,
    });
  await requireMayAttest(ctx, actor, old.chainId ? [old.chainId] : null);
  if (old.chainId) await requireAttestable(ctx, old.chainId);
  return ask(ctx, { chainId: old.chainId, scope: old.scope, actor, supersedes: attestationId });
}

/** Of a token that is for some chains: all that is to be attested has to be named, and of those. @throws AppError FORBIDDEN, NOT_FOUND. */
export async function requireMayAttest(ctx: Context, actor: Actor, chainIds: readonly string[] | null): Promise<void> {
  if (actor.chains === null) return;
  if (!chainIds) return requireEveryChain(actor);
  for (const chainId of chainIds) requireChainAllowed(actor, (await requireChain(ctx.db, chainId)).name);
}

async function ask(ctx: Context, wanted: Parameters<typeof enqueueRequest>[1]): Promise<Requested> {
  const requestId = await enqueueRequest(ctx, wanted);
  try {
    const attestationId = await runRequest(ctx, requestId);
    if (attestationId) return { attestation: await getAttestationRow(ctx, { attestationId }), request: null };
  } catch (error) {
    if (!(error instanceof AppError && WAITS.has(error.code))) {
      // The caller is told, and nothing is left behind to wait for.
      await drop(ctx, requestId, wanted.actor);
      throw error;
    }
    ctx.log.warn({ err: error, requestId }, 'not attested yet; it waits');
  }
  const request = await getRequest(ctx, { requestId });
  // Another was at work on it, and may be done.
  if (request.attestationId)
    return { attestation: await getAttestationRow(ctx, { attestationId: request.attestationId }), request: null };
  return { attestation: null, request };
}

async function drop(ctx: Context, requestId: string, actor: Actor): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('attestation_requests')
      .where('id', '=', requestId)
      .where('attestation_id', 'is', null)
      .executeTakeFirst();
    if (numDeletedRows > 0n)
      await audit.append(tx, actor, { action: 'attestation-request.drop', subjectId: requestId });
  });
}
