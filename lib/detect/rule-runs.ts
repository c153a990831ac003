import 'server-only';
import type { Tx } from '../db/database';
import type { CatalogRule } from './catalog';
import type { Range } from './range';

/** That a rule ran over a chain as it was: how many of its records it has seen by then, the time looked at, and the findings about it that stand. */
export type RuleRun = { chainId: string; generation: number; records: number; window: Range; findings: number };

const BATCH = 500;

export async function writeRuns(tx: Tx, rule: CatalogRule, runs: readonly RuleRun[], now: Date): Promise<void> {
  if (runs.length === 0) return;
  await tx
    .insertInto('rule_texts')
    .values({ digest: rule.digest, yaml: rule.yaml })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  for (let at = 0; at < runs.length; at += BATCH) {
    await tx
      .insertInto('rule_runs')
      .values(
        runs.slice(at, at + BATCH).map(({ chainId, generation, records, window, findings }) => ({
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

/** How many findings of a rule about each of some chains stand; a chain of which there are none is left out. */
export async function findingsAbout(tx: Tx, ruleId: string, chainIds: readonly string[]): Promise<Map<string, number>> {
  if (chainIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('finding_chains as l')
    .innerJoin('findings as f', 'f.id', 'l.finding_id')
    .where('l.chain_id', 'in', chainIds)
    .where('f.rule_id', '=', ruleId)
    .where('f.superseded_at', 'is', null)
    .groupBy('l.chain_id')
    .select(({ fn }) => ['l.chain_id', fn.countAll<number>().as('count')])
    .execute();
  return new Map(rows.map(({ chain_id: id, count }) => [id, Number(count)]));
}
