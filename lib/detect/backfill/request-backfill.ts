import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import type { CatalogRule } from '../catalog';
import { installedRules } from '../installed-rules';

/** Has a text that comes into force look at what was recorded before, from the start; in the transaction in which it does. */
export async function queueBackfill(
  { queue, now }: Pick<Context, 'queue' | 'now'>,
  tx: Tx,
  { id, digest }: Pick<CatalogRule, 'id' | 'digest'>,
): Promise<void> {
  const begun = {
    state: 'running' as const,
    records_from: null,
    records_to: null,
    looked_to: null,
    requested_at: now(),
    ended_at: null,
  };
  await tx
    .insertInto('rule_backfills')
    .values({ rule_digest: digest, rule_id: id, ...begun })
    .onConflict((conflict) => conflict.column('rule_digest').doUpdateSet({ rule_id: id, ...begun }))
    .execute();
  await queue.send(tx, 'backfill-rule', { digest });
}

/** Ends what goes on of a rule that is not to run. Whether anything did. */
export async function endBackfills(tx: Tx, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('rule_backfills')
    .set({ state: 'cancelled', ended_at: now })
    .where('rule_id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Has a rule look at everything recorded before once more. @throws AppError NOT_FOUND; CONFLICT for one that does not run. */
export async function requestBackfill(
  ctx: Context,
  { ruleId, actor }: { ruleId: string; actor: Actor },
): Promise<void> {
  const { rules } = await installedRules(ctx);
  const installed = rules.find(({ rule }) => rule.id === ruleId);
  if (!installed) throw new AppError('NOT_FOUND', 'no rule that can run has this id', { ruleId });
  const { rule, isEnabled } = installed;
  if (!isEnabled)
    throw new AppError('CONFLICT', 'this rule is disabled: enable it, and it looks at all records', { ruleId });
  await ctx.db.transaction().execute(async (tx) => {
    await queueBackfill(ctx, tx, rule);
    await audit.append(tx, actor, { action: 'rule.backfill', subjectId: ruleId, details: { digest: rule.digest } });
  });
}

/** Ends it; what it found stands, and the rule goes on with what is new. @throws AppError NOT_FOUND when none goes on. */
export async function cancelBackfill(ctx: Context, { ruleId, actor }: { ruleId: string; actor: Actor }): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    if (!(await endBackfills(tx, { id: ruleId, now: ctx.now() })))
      throw new AppError('NOT_FOUND', 'the rule is not looking at what was recorded before', { ruleId });
    await audit.append(tx, actor, { action: 'rule.cancel-backfill', subjectId: ruleId });
  });
}
