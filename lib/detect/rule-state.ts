import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { RuleDetail, RuleVersionText } from '../schemas/rules';
import { type StuckRule, installedRules } from './installed-rules';
import { newestVersion } from './own-rules/versions';
import { getRule } from './rules';

export type RuleState =
  | { kind: 'rule'; rule: RuleDetail }
  /** Its text is not read by this release. */
  | { kind: 'stuck'; reason: StuckRule['reason']; text: RuleVersionText }
  /** A rule of another release or installation, which findings are of. */
  | { kind: 'gone'; title: string; findings: boolean };

/** What there is under the id of a rule. @throws AppError NOT_FOUND for an id that nothing knows. */
export async function ruleState(ctx: Context, { ruleId }: { ruleId: string }): Promise<RuleState> {
  const { rules, aboutChains, stuck } = await installedRules(ctx);
  if ([...rules, ...aboutChains].some(({ rule }) => rule.id === ruleId))
    return { kind: 'rule', rule: await getRule(ctx, { ruleId }) };
  const reason = stuck.find(({ id }) => id === ruleId)?.reason;
  const text = reason ? await newestVersion(ctx, { ruleId }) : null;
  if (reason && text) return { kind: 'stuck', reason, text };
  const finding = await ctx.db
    .selectFrom('findings')
    .select('title')
    .where('rule_id', '=', ruleId)
    .orderBy('superseded_at', (order) => order.asc().nullsFirst())
    .limit(1)
    .executeTakeFirst();
  if (finding) return { kind: 'gone', title: finding.title, findings: true };
  const run = await ctx.db
    .selectFrom('rule_runs')
    .select('rule_name')
    .where('rule_id', '=', ruleId)
    .limit(1)
    .executeTakeFirst();
  if (run) return { kind: 'gone', title: run.rule_name, findings: false };
  throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
}
