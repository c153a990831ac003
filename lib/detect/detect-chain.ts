import 'server-only';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { lockUntilCommit } from '../db/lock';
import { writeFindings } from '../db/write-findings';
import { dropWaiting, waitingJobs } from '../queue/waiting';
import { type CatalogRule, catalog } from './catalog';
import type { Hit } from '../lake/query/run-rule';
import { toFinding } from './hit';
import { type Range, runRule } from './run-rule';
import { NEAR_MS, clusters, spansOf, together } from './span';

/** Chains that wait for the rules and are looked at in one run. */
const MOST_CHAINS = 200;
const MOST_SPANS = 20;

type Due = { id: string; name: string; generation: number; /** Its own job, which is done with it. */ jobId: string | null };

/**
 * Runs every rule over the time the chain's records span, across all chains, and writes what it finds. Chains that wait for the rules as well, and
 * whose records are of the same time or one of a few others, are done in the same run.
 * A finding is keyed by rule, group and where its window begins: a rerun updates it, and keeps its status.
 */
export async function detectChain(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const own = await requireChain(ctx.db, chainId);
  if (own.loaded_generation !== own.generation) return; // the load of the newer generation comes back here
  const due = [{ id: own.id, name: own.name, generation: own.generation, jobId: null }, ...(await othersDue(ctx, chainId))];
  const spans = await spansOf(ctx, due.map(({ id }) => ({ chainId: id, ordinal: 0 })));
  const looks = together(clusters(spans, NEAR_MS), chainId, MOST_SPANS);
  const rules = looks.length > 0 ? await catalog(ctx) : [];
  // No rule looks at records that state no time.
  await write(ctx, due.filter(({ id }) => !spans.has(id)), []);
  for (const { span, chainIds } of looks) {
    try {
      const runs: Run[] = [];
      for (const rule of rules) {
        signal?.throwIfAborted();
        runs.push({ rule, ...(await runRule(ctx, rule, span)) });
      }
      await write(ctx, due.filter(({ id }) => chainIds.includes(id)), runs);
    } catch (error) {
      // What others fail at their own jobs fail at.
      if (chainIds.includes(chainId) || signal?.aborted) throw error;
      ctx.log.warn({ err: error, chains: chainIds.length }, 'rules did not run over chains that wait for them; their own jobs try it');
    }
  }
}

/** Other chains whose job waits, loaded as they stand. */
async function othersDue(ctx: Context, chainId: string): Promise<Due[]> {
  const jobs = new Map((await waitingJobs(ctx.db, 'detect-chain', MOST_CHAINS)).map(({ id, key }) => [key, id]));
  jobs.delete(chainId);
  if (jobs.size === 0) return [];
  const chains = await ctx.db.selectFrom('chains').select(['id', 'name', 'generation']).where('id', 'in', [...jobs.keys()]).whereRef('loaded_generation', '=', 'generation').execute();
  return chains.map((chain) => ({ ...chain, jobId: jobs.get(chain.id) ?? null }));
}

type Run = { rule: CatalogRule; range: Range; hits: Hit[] };

/** Writes what rules found, and for each chain, as it was when they ran, that they did. */
async function write(ctx: Context, chains: readonly Due[], runs: readonly Run[]): Promise<void> {
  if (chains.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    // In the order of their names, so that two of these never wait for each other.
    for (const { name } of chains.toSorted((a, b) => (a.name < b.name ? -1 : 1))) await lockUntilCommit(tx, 'chain', name);
    await lockUntilCommit(tx, 'findings', '');
    const now = await tx.selectFrom('chains').select(['id', 'generation']).where('id', 'in', chains.map(({ id }) => id)).execute();
    const unchanged = chains.filter(({ id, generation }) => now.some((chain) => chain.id === id && chain.generation === generation));
    if (unchanged.length === 0) return;
    for (const { rule, range, hits } of runs) {
      await writeFindings(tx, rule.id, range, hits.map((hit) => toFinding(rule, hit)), ctx.now());
      await tx.insertInto('rule_texts').values({ digest: rule.digest, yaml: rule.yaml }).onConflict((conflict) => conflict.doNothing()).execute();
      for (const { id, generation } of unchanged) {
        const about = hits.filter((hit) => hit.chains.includes(id)).length;
        await tx
          .insertInto('rule_runs')
          .values({ chain_id: id, generation, rule_id: rule.id, rule_name: rule.title, rule_digest: rule.digest, window_from: range.from, window_to: range.to, findings: about })
          .onConflict((conflict) => conflict.columns(['chain_id', 'generation', 'rule_digest']).doUpdateSet({ findings: about, window_from: range.from, window_to: range.to, ran_at: ctx.now() }))
          .execute();
      }
    }
    for (const { id, generation } of unchanged) {
      await tx.updateTable('chains').set({ detected_generation: generation, updated_at: ctx.now() }).where('id', '=', id).execute();
      await ctx.queue.send(tx, 'attest-chain', { chainId: id, generation });
    }
    await dropWaiting(tx, 'detect-chain', unchanged.flatMap(({ jobId }) => jobId ?? []));
  });
}
