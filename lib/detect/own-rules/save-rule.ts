import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import type { RuleDetail } from '../../schemas/rules';
import type { CatalogRule } from '../catalog';
import { endBackfills, queueBackfill } from '../backfill/request-backfill';
import { getRule } from '../rules';
import { runs } from './switch-rule';
import { integrityRules } from '../integrity-rules';
import { shippedRules } from '../shipped-rules';
import { readRule } from './read-rule';

/** Rules that people wrote here. */
const MOST_OWN = 1_000;

type Text = { yaml: string; note: string; actor: Actor; signal?: AbortSignal };

/**
 * Keeps a rule as the first version of one's own. It looks at everything recorded from then on, and at what was recorded before.
 * @throws AppError BAD_REQUEST for what is no rule, with its line and column; CONFLICT for an id that is taken, and past 1,000 rules.
 */
export async function createRule(
  ctx: Context,
  { yaml, note, isEnabled, actor, signal }: Text & { isEnabled: boolean },
): Promise<RuleDetail> {
  const rule = await readRule(ctx, yaml, 'rule', signal);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', '');
    await requireRoom(tx, 1);
    await requireFreeId(ctx, tx, rule.id);
    await insertRule(tx, rule, { note, isEnabled, actor, now: ctx.now() });
    if (isEnabled) await queueBackfill(ctx, tx, rule);
    await audit.append(tx, actor, {
      action: 'rule.create',
      subjectId: rule.id,
      details: { digest: rule.digest, isEnabled, version: 1 },
    });
  });
  return getRule(ctx, { ruleId: rule.id });
}

/**
 * Keeps another text of a rule of one's own as its next version, which has seen nothing. A text that is the same is no change.
 * @throws AppError NOT_FOUND; BAD_REQUEST for what is no rule or states another id; CONFLICT for one that ships, and for a version that is not the newest.
 */
export async function editRule(
  ctx: Context,
  { ruleId, version, yaml, note, actor, signal }: Text & { ruleId: string; version: number },
): Promise<RuleDetail> {
  const rule = await readRule(ctx, yaml, 'rule', signal);
  if (rule.id !== ruleId)
    throw new AppError('BAD_REQUEST', `the text states the id ${rule.id}, and this rule's is ${ruleId}`, { ruleId });
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'rules', '');
    const own = await tx.selectFrom('own_rules').selectAll().where('id', '=', ruleId).executeTakeFirst();
    if (!own) return refuseShipped(ctx, ruleId);
    if (own.version !== version)
      throw new AppError('CONFLICT', `version ${own.version} was saved meanwhile: take its changes over first`, {
        version: own.version,
      });
    const { digest } = await tx
      .selectFrom('rule_versions')
      .select('digest')
      .where('rule_id', '=', ruleId)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    if (digest === rule.digest) return;
    await insertVersion(tx, rule, { version: version + 1, note, actor, now: ctx.now() });
    await tx
      .updateTable('own_rules')
      .set({ version: version + 1 })
      .where('id', '=', ruleId)
      .execute();
    await endBackfills(tx, { id: ruleId, now: ctx.now() });
    if (await runs(tx, ruleId)) await queueBackfill(ctx, tx, rule);
    await audit.append(tx, actor, {
      action: 'rule.edit',
      subjectId: ruleId,
      details: { digest: rule.digest, before: digest, version: version + 1 },
    });
  });
  return getRule(ctx, { ruleId });
}

async function refuseShipped(ctx: Context, ruleId: string): Promise<never> {
  if ((await shippedIds(ctx)).includes(ruleId.toLowerCase()))
    throw new AppError(
      'CONFLICT',
      'this rule ships with Sealtrail: clone it, and disable it if the clone replaces it',
      {
        ruleId,
      },
    );
  throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
}

/** @throws AppError CONFLICT when there are as many as there may be. */
export async function requireRoom(tx: Tx, more: number): Promise<void> {
  const { count } = await tx
    .selectFrom('own_rules')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) + more > MOST_OWN)
    throw new AppError('CONFLICT', `an installation keeps at most ${MOST_OWN} rules of its own`, { most: MOST_OWN });
}

async function requireFreeId(ctx: Context, tx: Tx, id: string): Promise<void> {
  const taken = await takenIds(ctx, tx, [id]);
  if (taken.has(id)) throw new AppError('CONFLICT', `there is a rule with the id ${id}: give this one another`, { id });
}

/** Which of these a rule has, shipped or own. */
export async function takenIds(ctx: Context, tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const shipped = await shippedIds(ctx);
  const own =
    ids.length === 0
      ? []
      : await tx
          .selectFrom('own_rules')
          .select('id')
          .where(({ fn }) => fn<string>('lower', ['id']), 'in', ids)
          .execute();
  const taken = new Set([...shipped, ...own.map(({ id }) => id.toLowerCase())]);
  return new Set(ids.filter((id) => taken.has(id)));
}

type Saved = { note: string; actor: Actor; now: Date };

/** A rule with its first version. */
export async function insertRule(tx: Tx, rule: CatalogRule, saved: Saved & { isEnabled: boolean }): Promise<void> {
  await tx.insertInto('own_rules').values({ id: rule.id, version: 1 }).execute();
  await insertVersion(tx, rule, { ...saved, version: 1 });
  const { actor, now, isEnabled } = saved;
  const setting = {
    is_enabled: isEnabled,
    changed_by_id: actor.id,
    changed_by: actor.name,
    changed_at: now,
    reason: null,
  };
  await tx
    .insertInto('rule_settings')
    .values({ rule_id: rule.id, ...setting })
    .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(setting))
    .execute();
}

async function insertVersion(
  tx: Tx,
  { id, digest, yaml, title }: CatalogRule,
  { version, note, actor, now }: Saved & { version: number },
): Promise<void> {
  await tx
    .insertInto('rule_versions')
    .values({
      rule_id: id,
      version,
      digest,
      yaml,
      title,
      saved_by_id: actor.id,
      saved_by: actor.name,
      saved_at: now,
      note: note || null,
    })
    .execute();
}

/** In lower case. */
async function shippedIds(ctx: Context): Promise<string[]> {
  return [...(await shippedRules(ctx)), ...(await integrityRules(ctx))].map(({ id }) => id.toLowerCase());
}
