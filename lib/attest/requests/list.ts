import 'server-only';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { decodeCursor, encodeCursor } from '../../db/cursor';
import { UuidCursor } from '../../db/cursor-shapes';
import { isOfFleet } from '../../db/of-fleet';
import type { Database } from '../../db/schema';
import type { AttestationRequest, RequestState } from '../../schemas/attestation-requests';
import type { Page } from '../../schemas/common';

type Query = { chainId?: string; state?: readonly RequestState[]; cursor?: string; limit: number };
type Requested = { r: Database['attestation_requests'] };

/** Of the chain of what is done here those that somebody has to look at. */
const IS_LISTED = sql<boolean>`(r.chain_id IS NULL OR r.state <> 'done' OR ${isOfFleet('r.chain_id')})`;

/** What was asked to be attested, newest first. */
export async function listRequests(
  ctx: Context,
  { chainId, state, cursor, limit }: Query,
): Promise<Page<AttestationRequest>> {
  const after = cursor ? decodeCursor(UuidCursor, cursor)[0] : null;
  const matching = (where: ExpressionBuilder<Requested, 'r'>) =>
    where.and([
      chainId === undefined ? IS_LISTED : where('r.chain_id', '=', chainId),
      ...(state !== undefined ? [where('r.state', 'in', state)] : []),
    ]);
  const { total } = await ctx.db
    .selectFrom('attestation_requests as r')
    .where((where) => matching(where))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await requestRows(ctx)
    .where((where) => matching(where))
    .$if(after !== null, (query) => query.where('r.id', '<', after ?? ''))
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toRequest),
    nextCursor: last ? encodeCursor([last.id]) : null,
    total: Number(total),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getRequest(ctx: Context, { requestId }: { requestId: string }): Promise<AttestationRequest> {
  const row = await requestRows(ctx).where('r.id', '=', requestId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no attestation request has this id', { requestId });
  return toRequest(row);
}

function requestRows(ctx: Context) {
  return ctx.db
    .selectFrom('attestation_requests as r')
    .leftJoin('chains as c', 'c.id', 'r.chain_id')
    .selectAll('r')
    .select('c.name as chain');
}
type Row = Awaited<ReturnType<ReturnType<typeof requestRows>['executeTakeFirstOrThrow']>>;

function toRequest(row: Row): AttestationRequest {
  return {
    id: row.id,
    chainId: row.chain_id,
    chain: row.chain,
    scope: row.scope,
    cause: row.cause,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    state: row.state,
    attempts: row.attempts,
    nextTryAt: row.state === 'waiting' ? row.next_try_at.toISOString() : null,
    failure: row.failure,
    failedAt: row.failed_at?.toISOString() ?? null,
    attestationId: row.attestation_id,
  };
}
