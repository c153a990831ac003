import 'server-only';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { lockUntilCommit } from '../db/lock';
import { writeFindings } from '../db/write-findings';
import { type CatalogRule, catalog } from './catalog';
import { type Hit, toFinding } from './hit';
import { instant } from './lake-instant';
import { type Range, runRule } from './run-rule';

/**
 * Runs every rule over the time the chain's records span, across all chains, and writes what it finds.
 * A finding is keyed by rule, group and where its window begins: a rerun updates it, and keeps its status.
 */
export async function detectChain(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.loaded_generation !== chain.generation) return; // the load of the newer generation comes back here
  const rules = await catalog(ctx);
  const span = await spanOf(ctx, chainId);
  const runs: { rule: CatalogRule; range: Range; hits: Hit[] }[] = [];
  for (const rule of span ? rules : []) {
    signal?.throwIfAborted();
    if (span) runs.push({ rule, ...(await runRule(ctx, rule, span)) });
  }
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    await lockUntilCommit(tx, 'findings', '');
    if ((await requireChain(tx, chainId)).generation !== chain.generation) return;
    for (const { rule, range, hits } of runs) {
      await writeFindings(tx, rule.id, range, hits.map((hit) => toFinding(rule, hit)), ctx.now());
      await tx.insertInto('rule_texts').values({ digest: rule.digest, yaml: rule.yaml }).onConflict((conflict) => conflict.doNothing()).execute();
      const about = hits.filter(({ chains }) => chains.includes(chainId)).length;
      await tx
        .insertInto('rule_runs')
        .values({ chain_id: chainId, generation: chain.generation, rule_id: rule.id, rule_name: rule.title, rule_digest: rule.digest, window_from: range.from, window_to: range.to, findings: about })
        .onConflict((conflict) => conflict.columns(['chain_id', 'generation', 'rule_digest']).doUpdateSet({ findings: about, window_from: range.from, window_to: range.to, ran_at: ctx.now() }))
        .execute();
    }
    await tx.updateTable('chains').set({ detected_generation: chain.generation, updated_at: ctx.now() }).where('id', '=', chainId).execute();
    await ctx.queue.send(tx, 'attest-chain', { chainId, generation: chain.generation });
  });
}

/** Time the chain's events span, half-open; null when none states a time. */
async function spanOf(ctx: Context, chainId: string): Promise<Range | null> {
  const result = await ctx.lake.query({
    query: `SELECT toString(min(recorded_at)) AS from, toString(max(recorded_at)) AS to, count() AS events
      FROM events WHERE chain_id = {chainId: UUID} AND recorded_at > toDateTime64(0, 6, 'UTC')`,
    query_params: { chainId },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ from: string; to: string; events: number }>();
  if (!row || row.events === 0) return null;
  return { from: instant(row.from), to: new Date(instant(row.to).getTime() + 1) };
}
