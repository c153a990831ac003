import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { AccessPolicy } from '../../schemas/second-factor';
import type { Actor } from '../actor';
import { hasSecondFactor } from './standing';

/** What is asked of everybody, and who decided it. */
export async function accessPolicy({ db }: Context): Promise<AccessPolicy> {
  const row = await db.selectFrom('access_policy').selectAll().executeTakeFirst();
  return {
    requiresSecondFactor: row?.requires_second_factor ?? false,
    changedBy: row?.changed_by ?? null,
    changedAt: row?.changed_at.toISOString() ?? null,
  };
}

/**
 * Has everybody who signs in by a password set up a second factor before anything else, or no more. @throws AppError CONFLICT for an administrator who
 * signs in by a password and has none: they would be the first to be shut out.
 */
export async function setAccessPolicy(
  ctx: Context,
  { requiresSecondFactor, actor }: { requiresSecondFactor: boolean; actor: Actor },
): Promise<AccessPolicy> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'second-factor', '');
    const before = await tx.selectFrom('access_policy').select('requires_second_factor').executeTakeFirst();
    if ((before?.requires_second_factor ?? false) === requiresSecondFactor) return;
    if (requiresSecondFactor && (await signsInByPassword(ctx, actor.id)) && !(await hasSecondFactor(tx, actor.id)))
      throw new AppError('CONFLICT', 'set up a second factor of your own first');
    const row = {
      requires_second_factor: requiresSecondFactor,
      changed_by: actor.name,
      changed_by_id: actor.id,
      changed_at: ctx.now(),
    };
    await tx
      .insertInto('access_policy')
      .values(row)
      .onConflict((conflict) => conflict.column('is_only').doUpdateSet(row))
      .execute();
    await audit.append(tx, actor, {
      action: 'access-policy.change',
      subjectId: 'second-factor',
      details: { requiresSecondFactor },
    });
  });
  return accessPolicy(ctx);
}

async function signsInByPassword({ db }: Context, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('id')
    .where('userId', '=', personId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  return row !== undefined;
}
