import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { FIRST_KEEP_DAYS, type RetentionPolicy } from '../schemas/retention';

/** Stands for all chains without a policy of their own. */
const INSTALLATION = 'installation';

/** The policy in force for a chain: its own, or that of all chains without one; without a chain the latter. @throws AppError NOT_FOUND. */
export async function retentionPolicy(ctx: Context, { chainId }: { chainId: string | null }): Promise<RetentionPolicy> {
  if (chainId) await requireChain(ctx.db, chainId);
  const rows = await ctx.db
    .selectFrom('retention_policies')
    .selectAll()
    .where((eb) => eb.or([eb('chain_id', 'is', null), ...(chainId ? [eb('chain_id', '=', chainId)] : [])]))
    .execute();
  const own = chainId ? rows.find(({ chain_id: id }) => id === chainId) : undefined;
  const row = own ?? rows.find(({ chain_id: id }) => id === null);
  return row
    ? { keepDays: row.keep_days, isOwn: own !== undefined, setBy: row.set_by, setAt: row.set_at.toISOString() }
    : { keepDays: FIRST_KEEP_DAYS, isOwn: false, setBy: null, setAt: null };
}

/** Says for how long a chain is kept, or all chains without a policy of their own. Deletes nothing. @throws AppError NOT_FOUND. */
export async function setRetention(
  ctx: Context,
  { chainId, keepDays, actor }: { chainId: string | null; keepDays: number | null; actor: Actor },
): Promise<RetentionPolicy> {
  if (chainId) await requireChain(ctx.db, chainId);
  const values = { keep_days: keepDays, set_by: actor.name, set_at: ctx.now() };
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('retention_policies')
      .values({ chain_id: chainId, ...values })
      .onConflict((conflict) => conflict.column('chain_id').doUpdateSet(values))
      .execute();
    await audit.append(tx, actor, {
      action: 'retention.set',
      subjectId: chainId ?? INSTALLATION,
      details: { keepDays },
    });
  });
  return retentionPolicy(ctx, { chainId });
}

/** What holds for all chains holds for this one again. @throws AppError NOT_FOUND. */
export async function resetRetention(
  ctx: Context,
  { chainId, actor }: { chainId: string; actor: Actor },
): Promise<RetentionPolicy> {
  await requireChain(ctx.db, chainId);
  await ctx.db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('retention_policies')
      .where('chain_id', '=', chainId)
      .executeTakeFirst();
    if (numDeletedRows > 0n) await audit.append(tx, actor, { action: 'retention.reset', subjectId: chainId });
  });
  return retentionPolicy(ctx, { chainId });
}
