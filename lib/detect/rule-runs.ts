import 'server-only';
import type { Tx } from '../db/database';
import type { CatalogRule } from './catalog';
import type { Range } from './range';

/** That a rule ran over a chain as it was: how many of its records it has seen by then, the time looked at, and the findings about it that stand. */
export type RuleRun = {
  rule: CatalogRule;
  chainId: string;
  generation: number;
  records: number;
  window: Range;
  findings: number;
};

const BATCH = 500;

export async function writeRuns(tx: Tx, runs: readonly RuleRun[], now: Date): Promise<void> {
  if (runs.length === 0) return;
  await tx
    .insertInto('rule_texts')
    .values([...new Set(runs.map(({ rule }) => rule))].map(({ digest, yaml }) => ({ digest, yaml })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  for (let at = 0; at < runs.length; at += BATCH) {
    await tx
      .insertInto('rule_runs')
      .values(
        runs.slice(at, at + BATCH).map(({ rule, chainId, generation, records, window, findings }) => ({
          chain_id: chainId,
          generation,
          rule_id: rule.id,
          rule_name: rule.title,
          rule_digest: rule.digest,
          window_from: window.from,
          window_to: window.to,
          records,
          findings,
          ran_at: now,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['chain_id', 'generation', 'rule_digest']).doUpdateSet(({ ref }) => ({
          records: ref('excluded.records'),
          findings: ref('excluded.findings'),
          window_from: ref('excluded.window_from'),
          window_to: ref('excluded.window_to'),
          ran_at: ref('excluded.ran_at'),
        })),
      )
      .execute();
  }
}

/** How many findings of each rule about each of some chains stand, by `rule chain`; none where there are none. */
export async function findingsAbout(
  tx: Tx,
  rules: readonly CatalogRule[],
  chainIds: readonly string[],
): Promise<Map<string, number>> {
  if (rules.length === 0 || chainIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('finding_chains as l')
    .innerJoin('findings as f', 'f.id', 'l.finding_id')
    .where('l.chain_id', 'in', chainIds)
    .where(
      'f.rule_id',
      'in',
      rules.map(({ id }) => id),
    )
    .where('f.superseded_at', 'is', null)
    .groupBy(['f.rule_id', 'l.chain_id'])
    .select(({ fn }) => ['f.rule_id', 'l.chain_id', fn.countAll<number>().as('count')])
    .execute();
  return new Map(rows.map(({ rule_id: rule, chain_id: chain, count }) => [`${rule} ${chain}`, Number(count)]));
}
