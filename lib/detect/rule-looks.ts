import 'server-only';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import type { RuleLooksTable } from '../db/rule-tables';
import type { CatalogRule } from './catalog';
import type { Range } from './range';
import type { Outcome } from './run-rule';

type Text = Pick<CatalogRule, 'id' | 'digest' | 'yaml'>;
/** That rules looked at what was new, and what came of it for those that had records there. */
export type Look = Pick<RuleLooksTable, 'how' | 'chains' | 'records'> & {
  rules: readonly Text[];
  /** The time of what was new; null of chains themselves. */
  window: Range | null;
  outcomes: ReadonlyMap<Text, Outcome>;
  elapsedMs: number;
};

/** Keeps a look, whether it found anything or not, in the transaction that keeps what it found, and gives its id; null without a rule. */
export async function recordLook(
  ctx: Pick<Context, 'hasher' | 'now'>,
  tx: Tx,
  { how, chains, records, rules, window, outcomes, elapsedMs }: Look,
): Promise<string | null> {
  if (rules.length === 0) return null;
  const now = ctx.now();
  const { id } = await tx
    .insertInto('rule_looks')
    .values({
      rule_set: await setOf(ctx, tx, rules),
      how,
      looks: 1,
      first_looked_at: now,
      looked_at: now,
      window_from: window?.from ?? null,
      window_to: window?.to ?? null,
      chains,
      records,
      elapsed_ms: Math.round(elapsedMs),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (outcomes.size === 0) return id;
  const results = [...outcomes].map(([{ digest }, outcome]) => ({
    look_id: id,
    rule_digest: digest,
    ran: outcome.kind === 'ran' ? 1 : 0,
    unable: outcome.kind === 'unable' ? 1 : 0,
    failed: outcome.kind === 'failed' ? 1 : 0,
    findings: outcome.findings,
    elapsed_ms: Math.round(outcome.elapsedMs),
  }));
  await tx.insertInto('rule_look_results').values(results).execute();
  return id;
}

/** The rules that looked, as a set that is kept once, with their texts. */
async function setOf({ hasher }: Pick<Context, 'hasher'>, tx: Tx, rules: readonly Text[]): Promise<string> {
  const digests = rules.map(({ digest }) => digest).toSorted();
  const digest = hasher.sha256(Buffer.from(digests.map((one) => `${one}\n`).join('')));
  const known = await tx.selectFrom('rule_sets').select('digest').where('digest', '=', digest).executeTakeFirst();
  if (known) return digest;
  await tx
    .insertInto('rule_texts')
    .values(rules.map((rule) => ({ digest: rule.digest, yaml: rule.yaml })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto('rule_sets')
    .values(rules.map((rule) => ({ digest, rule_digest: rule.digest, rule_id: rule.id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return digest;
}

/** A look of rules about chains at all of them, which comes every few seconds: those of one minute that find nothing new are one row. */
export async function recordChainsLook(
  ctx: Pick<Context, 'hasher' | 'now'>,
  tx: Tx,
  look: Pick<Look, 'rules' | 'outcomes' | 'elapsedMs'>,
): Promise<void> {
  if (look.rules.length === 0) return;
  const { chains } = await tx
    .selectFrom('chains')
    .select(({ fn }) => fn.countAll<number>().as('chains'))
    .executeTakeFirstOrThrow();
  const set = await setOf(ctx, tx, look.rules);
  const now = ctx.now();
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const added =
    look.outcomes.size === 0 &&
    (await tx
      .updateTable('rule_looks')
      .set(({ eb, fn, val }) => ({
        looks: eb('looks', '+', 1),
        looked_at: now,
        chains: fn<number>('greatest', ['chains', val(Number(chains))]),
        elapsed_ms: eb('elapsed_ms', '+', Math.round(look.elapsedMs)),
      }))
      .where(({ eb, selectFrom }) =>
        eb(
          'id',
          '=',
          selectFrom('rule_looks')
            .select('id')
            .where('rule_set', '=', set)
            .where('how', '=', 'chains')
            .where('looked_at', '>=', minute)
            .orderBy('looked_at', 'desc')
            .limit(1),
        ),
      )
      .executeTakeFirst());
  if (added && added.numUpdatedRows > 0n) return;
  await recordLook(ctx, tx, { ...look, how: 'chains', window: null, chains: Number(chains), records: 0 });
}
