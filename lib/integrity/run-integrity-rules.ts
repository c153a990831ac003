import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { ProblemCode } from '../core/chain/problem';
import { isOf } from '../core/rules/integrity/parse';
import { leavingPending } from '../db/activity-pending';
import { announceFindings } from '../db/announce';
import type { Db, Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { type ShippedIntegrityRule, integrityRules } from '../detect/integrity-rules';
import { recordChainsLook } from '../detect/rule-looks';
import { type Seen, newAlarms, seenOfChains } from './seen-of-chains';

/** What is so again within an hour is the same finding, which was never decided anew. */
const SAME_AGAIN_MS = 3600_000;

/** What a rule has to say of a chain: `values` is what of it is seen. */
type Wanted = { rule: ShippedIntegrityRule; key: string; chainId: string; chain: string; values: string[]; at: Date };
type Standing = { id: string; ruleId: string; key: string; said: ReturnType<typeof saidOf> };
type Changes = {
  rules: ShippedIntegrityRule[];
  raised: Wanted[];
  changed: { id: string; wanted: Wanted }[];
  over: Standing[];
};

/**
 * Makes what rules about chains find the findings on record: raises what is new, writes anew what says something else, and has what is so no more be a
 * finding of the chains as they stand no longer. What happened at a moment stays. Run again it changes no finding; each look is kept. Meant to run every few seconds.
 */
export async function runIntegrityRules(ctx: Context): Promise<void> {
  const begunMs = performance.now();
  const before = await changesOf(ctx, ctx.db);
  if (isNothing(before)) {
    const elapsedMs = performance.now() - begunMs;
    const look = { rules: before.rules, outcomes: new Map(), elapsedMs };
    return ctx.db.transaction().execute((tx) => recordChainsLook(ctx, tx, look));
  }
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'findings', '');
    const { rules, raised, changed, over } = await changesOf(ctx, tx);
    const now = ctx.now();
    const found = Map.groupBy([...raised, ...changed.map(({ wanted }) => wanted)], ({ rule }) => rule);
    const outcomes = new Map(
      [...found].map(([rule, { length }]) => [rule, { kind: 'ran' as const, findings: length, elapsedMs: 0 }]),
    );
    await recordChainsLook(ctx, tx, { rules, outcomes, elapsedMs: performance.now() - begunMs });
    const ids: string[] = [];
    for (const wanted of raised) ids.push(await raise(tx, wanted, now));
    await leavingPending(
      'rule.find',
      sql`SELECT * FROM unnest(${raised.map(({ rule }) => rule.id)}::text[], ${ids}::text[])`,
    ).execute(tx);
    for (const { id, wanted } of changed)
      await tx.updateTable('findings').set(saidOf(wanted)).where('id', '=', id).execute();
    if (over.length > 0)
      await tx
        .updateTable('findings')
        .set({ superseded_at: now })
        .where(
          'id',
          'in',
          over.map(({ id }) => id),
        )
        .execute();
    await announceFindings(
      tx,
      ids.map((id) => ({ id, grew: null })),
      now,
    );
  });
}

function isNothing({ raised, changed, over }: Changes): boolean {
  return raised.length + changed.length + over.length === 0;
}

/** What has to change for the findings on record to be what is seen. Of rules that are disabled nothing does. */
async function changesOf(ctx: Context, db: Db): Promise<Changes> {
  const rules = await enabledRules(ctx, db);
  const { lasting = [], ofAlarms = [] } = Object.groupBy(rules, ({ field }) =>
    field === 'alarm' ? 'ofAlarms' : 'lasting',
  );
  const now = ctx.now();
  const problems = lasting.flatMap(({ field, values }) => (field === 'problem' ? (values as ProblemCode[]) : [])); // of its field
  const wanted = wantedOf(lasting, await seenOfChains(db, problems, now), now);
  const standing = await standingOf(db, lasting);
  const byKey = new Map(standing.map((one) => [`${one.ruleId} ${one.key}`, one]));
  const happened =
    ofAlarms.length > 0
      ? await newAlarms(
          db,
          ofAlarms.map(({ id }) => id),
        )
      : [];
  const raised: Wanted[] = wantedOf(ofAlarms, happened, now);
  const changed: Changes['changed'] = [];
  for (const one of wanted) {
    const known = byKey.get(`${one.rule.id} ${one.key}`);
    byKey.delete(`${one.rule.id} ${one.key}`);
    if (!known) raised.push(one);
    else if (JSON.stringify(known.said) !== JSON.stringify(saidOf(one))) changed.push({ id: known.id, wanted: one });
  }
  return { rules, raised, changed, over: [...byKey.values()] };
}

async function enabledRules(ctx: Context, db: Db): Promise<ShippedIntegrityRule[]> {
  const rows = await db.selectFrom('rule_settings').select('rule_id').where('is_enabled', '=', false).execute();
  const disabled = new Set(rows.map(({ rule_id: id }) => id));
  return (await integrityRules(ctx)).filter(({ id }) => !disabled.has(id));
}

function wantedOf(rules: readonly ShippedIntegrityRule[], seen: readonly Seen[], now: Date): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { chainId, chain, of, happened } of seen)
    for (const rule of rules.filter((one) => isOf(one, of))) {
      const key = JSON.stringify(happened ? [chainId, happened.id] : [chainId]);
      const known = wanted.get(`${rule.id} ${key}`);
      if (known) known.values.push(of.value);
      else wanted.set(`${rule.id} ${key}`, { rule, key, chainId, chain, values: [of.value], at: happened?.at ?? now });
    }
  return [...wanted.values()];
}

async function standingOf(db: Db, rules: readonly ShippedIntegrityRule[]): Promise<Standing[]> {
  if (rules.length === 0) return [];
  const rows = await db
    .selectFrom('findings')
    .select(['id', 'rule_id', 'group_key', 'rule_digest', 'rule_yaml', 'title', 'level', 'group_values'])
    .where(
      'rule_id',
      'in',
      rules.map(({ id }) => id),
    )
    .where('superseded_at', 'is', null)
    .execute();
  return rows.map(({ id, rule_id: ruleId, group_key: key, group_values: values, ...row }) => ({
    id,
    ruleId,
    key,
    said: { ...row, group_values: inOrder(values) },
  }));
}

/** What a finding says, by column. */
function saidOf({ rule: { digest, yaml, title, level, field }, chain, values }: Wanted) {
  const group_values = inOrder({ chain, [field]: values.toSorted().join(', ') });
  return { rule_digest: digest, rule_yaml: yaml, title, level, group_values };
}

/** As JSON, in the order of its names. */
function inOrder(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

async function raise(tx: Tx, wanted: Wanted, now: Date): Promise<string> {
  const { rule, key, chainId, at } = wanted;
  const said = { ...saidOf(wanted), superseded_at: null };
  const before = await tx
    .selectFrom('findings')
    .select('id')
    .where('rule_id', '=', rule.id)
    .where('group_key', '=', key)
    .where('superseded_at', '>', new Date(now.getTime() - SAME_AGAIN_MS))
    .orderBy('superseded_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (before) {
    await tx.updateTable('findings').set(said).where('id', '=', before.id).execute();
    return before.id;
  }
  const { id } = await tx
    .insertInto('findings')
    .values({
      rule_id: rule.id,
      group_key: key,
      window_from: at,
      window_to: new Date(at.getTime() + 1),
      measures: JSON.stringify({ kind: 'evidence' }),
      record_count: 0,
      records: '[]',
      ...said,
    })
    .onConflict((conflict) => conflict.columns(['rule_id', 'group_key', 'window_from']).doUpdateSet(said))
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('finding_chains')
    .values({ finding_id: id, chain_id: chainId, ordinals: '[]' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return id;
}
