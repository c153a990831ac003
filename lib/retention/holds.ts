import 'server-only';
import type { Selectable } from 'kysely';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { textDigest } from '../core/decisions';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { requireNotDeleted } from '../db/deleted-chains';
import { lockUntilCommit } from '../db/lock';
import type { LegalHoldsTable } from '../db/retention-tables';
import type { LegalHold } from '../schemas/retention';

/** Of one chain, in force at once. */
const MOST = 50;
/** Listed of one chain, those that were lifted included. */
const LISTED = 500;

/** Those of a chain, the newest first, lifted ones too. @throws AppError NOT_FOUND. */
export async function listHolds(ctx: Context, { chainId }: { chainId: string }): Promise<{ items: LegalHold[] }> {
  await requireChain(ctx.db, chainId);
  const rows = await ctx.db
    .selectFrom('legal_holds')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('id', 'desc')
    .limit(LISTED)
    .execute();
  return { items: rows.map(toHold) };
}

/** Keeps a chain from being deleted until it is lifted. @throws AppError NOT_FOUND, EVIDENCE_DELETED, TOO_LARGE. */
export async function placeHold(
  ctx: Context,
  { chainId, reason, actor }: { chainId: string; reason: string; actor: Actor },
): Promise<LegalHold> {
  const { name } = await requireChain(ctx.db, chainId);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', name);
    await requireNotDeleted(tx, chainId);
    const { n } = await tx
      .selectFrom('legal_holds')
      .where('chain_id', '=', chainId)
      .where('lifted_at', 'is', null)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    if (Number(n) >= MOST)
      throw new AppError('TOO_LARGE', `a chain is under at most ${MOST} legal holds at once`, { limit: MOST });
    const row = await tx
      .insertInto('legal_holds')
      .values({ chain_id: chainId, reason, placed_by: actor.name, placed_at: ctx.now() })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'hold.place',
      subjectId: row.id,
      details: { chainId, reasonSha256: textDigest(ctx.hasher, reason) },
    });
    return toHold(row);
  });
}

/** Ends a hold; one that was lifted stays so. @throws AppError NOT_FOUND. */
export async function liftHold(
  ctx: Context,
  { chainId, holdId, actor }: { chainId: string; holdId: string; actor: Actor },
): Promise<LegalHold> {
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('legal_holds')
      .selectAll()
      .where('id', '=', holdId)
      .where('chain_id', '=', chainId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no legal hold of this chain has this id', { chainId, holdId });
    if (row.lifted_at) return toHold(row);
    const liftedAt = ctx.now();
    const lifted = await tx
      .updateTable('legal_holds')
      .set({ lifted_by: actor.name, lifted_at: liftedAt })
      .where('id', '=', holdId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'hold.lift',
      subjectId: holdId,
      details: { chainId, liftedAt: liftedAt.toISOString() },
    });
    return toHold(lifted);
  });
}

function toHold(row: Selectable<LegalHoldsTable>): LegalHold {
  return {
    id: row.id,
    chainId: row.chain_id,
    reason: row.reason,
    placedBy: row.placed_by,
    placedAt: row.placed_at.toISOString(),
    liftedBy: row.lifted_by,
    liftedAt: row.lifted_at?.toISOString() ?? null,
  };
}
