import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { Tx } from '../../db/database';
import { endBackfills, queueBackfill } from '../backfill/request-backfill';
import { installedRules } from '../installed-rules';

/** Has a rule run, or no longer; what it found stands. As it was already is no change. @throws AppError NOT_FOUND. */
export async function switchRule(
  ctx: Context,
  { ruleId, isEnabled, actor }: { ruleId: string; isEnabled: boolean; actor: Actor },
): Promise<void> {
  const { rules, aboutChains, stuck } = await installedRules(ctx);
  const installed = rules.find(({ rule }) => rule.id === ruleId);
  if (!installed && ![...aboutChains.map(({ rule }) => rule), ...stuck].some(({ id }) => id === ruleId))
    throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', '');
    if ((await runs(tx, ruleId)) === isEnabled) return;
    const setting = {
      is_enabled: isEnabled,
      changed_by_id: actor.id,
      changed_by: actor.name,
      changed_at: ctx.now(),
      reason: null,
    };
    await tx
      .insertInto('rule_settings')
      .values({ rule_id: ruleId, ...setting })
      .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(setting))
      .execute();
    await endBackfills(tx, { id: ruleId, now: ctx.now() });
    if (isEnabled && installed) await queueBackfill(ctx, tx, installed.rule);
    await audit.append(tx, actor, { action: isEnabled ? 'rule.enable' : 'rule.disable', subjectId: ruleId });
  });
}

/** Whether a rule is to run. */
export async function runs(tx: Tx, ruleId: string): Promise<boolean> {
  const setting = await tx
    .selectFrom('rule_settings')
    .select('is_enabled')
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  return setting?.is_enabled ?? true;
}
