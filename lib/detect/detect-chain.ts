import 'server-only';
import type { Context } from '../context';
import { MAX_FINDING_RECORDS, compileCorrelation } from '../core/rules/compile';
import { requireChain } from '../db/chains';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { type CatalogRule, catalog } from './catalog';

type Range = { from: Date; to: Date };
type Hit = {
  group_values: string[];
  window_from: string;
  window_to: string;
  peak: number;
  record_count: number;
  records: [chainId: string, ordinal: number, segmentDigest: string, byteOffset: number, byteLength: number, hash: string, recordedAt: string][];
};
/** A hit, and where its records lie: the same log under two names holds them in both. */
type Placed = Hit & { chains: Map<string, number[]> };

/**
 * Runs every rule over the time the chain's records span, across all chains, and writes what it finds.
 * A finding is keyed by rule, group and where its window begins: a rerun updates it, and keeps its status.
 */
export async function detectChain(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.loaded_generation !== chain.generation) return; // the load of the newer generation comes back here
  const rules = await catalog(ctx);
  const span = await spanOf(ctx, chainId);
  const runs: { rule: CatalogRule; range: Range; hits: Placed[] }[] = [];
  for (const rule of span ? rules : []) {
    signal?.throwIfAborted();
    if (span) runs.push({ rule, ...(await runRule(ctx, rule, span)) });
  }
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    await lockUntilCommit(tx, 'findings', '');
    if ((await requireChain(tx, chainId)).generation !== chain.generation) return;
    for (const { rule, range, hits } of runs) {
      await writeFindings(tx, rule, range, hits);
      const about = hits.filter(({ chains }) => chains.has(chainId)).length;
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

/** Widens the range until no finding touches its edges: then no window was cut. */
async function runRule(ctx: Context, rule: CatalogRule, span: Range): Promise<{ range: Range; hits: Placed[] }> {
  const { timespanMs } = rule.correlation;
  for (let marginMs = 4 * timespanMs; ; marginMs *= 4) {
    const range = { from: new Date(Math.max(1, span.from.getTime() - marginMs)), to: new Date(span.to.getTime() + marginMs) };
    const { sql, params } = compileCorrelation(rule, { from: range.from.toISOString(), to: range.to.toISOString(), table: 'events' });
    const result = await ctx.lake.query({ query: sql, query_params: params, format: 'JSONEachRow' });
    const hits = await result.json<Hit>();
    const cut = hits.some((hit) => instant(hit.window_from).getTime() < range.from.getTime() + 2 * timespanMs || instant(hit.window_to).getTime() > range.to.getTime() - 2 * timespanMs);
    if (!cut || range.from.getTime() === 1) return { range, hits: await Promise.all(hits.map((hit) => place(ctx, hit))) };
  }
}

/** Finds the records of a hit in every chain that holds them. */
async function place(ctx: Context, hit: Hit): Promise<Placed> {
  const chains = new Map<string, number[]>();
  const add = (chainId: string, ordinal: number) => void chains.set(chainId, [...(chains.get(chainId) ?? []), ordinal]);
  const hashes = hit.records.map(([, , , , , hash]) => hash).filter((hash) => hash !== '');
  for (const [chainId, ordinal, , , , hash] of hit.records) if (hash === '') add(chainId, ordinal);
  const result = await ctx.lake.query({
    query: `SELECT DISTINCT toString(chain_id) AS chain, ordinal FROM events
      WHERE recorded_at >= {from: DateTime64(6, 'UTC')} AND recorded_at < {to: DateTime64(6, 'UTC')} AND has({hashes: Array(String)}, hash) ORDER BY chain, ordinal`,
    query_params: { from: hit.window_from.replace('Z', ''), to: hit.window_to.replace('Z', ''), hashes },
    format: 'JSONEachRow',
  });
  for (const { chain, ordinal } of await result.json<{ chain: string; ordinal: number }>()) add(chain, ordinal);
  return { ...hit, chains };
}

async function writeFindings(tx: Tx, rule: CatalogRule, range: Range, hits: readonly Placed[]): Promise<void> {
  const kept: string[] = [];
  for (const hit of hits) {
    const values = {
      rule_digest: rule.digest,
      rule_yaml: rule.yaml,
      title: rule.title,
      level: rule.level,
      window_to: ceilToMs(hit.window_to),
      peak: hit.peak,
      threshold: rule.correlation.condition.value,
      timespan: rule.correlation.timespan,
      record_count: hit.record_count,
      records: JSON.stringify(
        hit.records.map(([chainId, ordinal, segmentDigest, byteOffset, byteLength, hash, recordedAt]) => ({ chainId, ordinal, segmentDigest, byteOffset, byteLength, hash, recordedAt: instantText(recordedAt) })),
      ),
      superseded_at: null,
    };
    const { id } = await tx
      .insertInto('findings')
      .values({
        rule_id: rule.id,
        group_key: JSON.stringify(hit.group_values),
        group_values: JSON.stringify(Object.fromEntries(rule.correlation.groupBy.map((field, index) => [field, hit.group_values[index] ?? '']))),
        window_from: instant(hit.window_from),
        ...values,
      })
      .onConflict((conflict) => conflict.columns(['rule_id', 'group_key', 'window_from']).doUpdateSet(values))
      .returning('id')
      .executeTakeFirstOrThrow();
    kept.push(id);
    await tx.deleteFrom('finding_chains').where('finding_id', '=', id).execute();
    await tx
      .insertInto('finding_chains')
      .values([...hit.chains].map(([chain_id, ordinals]) => ({ finding_id: id, chain_id, ordinals: JSON.stringify(ordinals.slice(0, MAX_FINDING_RECORDS)) })))
      .execute();
  }
  // What the rule found here before and no longer finds stays on record, out of the queue.
  await tx
    .updateTable('findings')
    .set({ superseded_at: new Date() })
    .where('rule_id', '=', rule.id)
    .where('superseded_at', 'is', null)
    .where('window_from', '>=', range.from)
    .where('window_to', '<=', range.to)
    .$if(kept.length > 0, (query) => query.where('id', 'not in', kept))
    .execute();
}

/** A lake time, `2026-05-11T08:00:00.123456Z` or `2026-05-11 08:00:00.123456`, as a Date. */
function instant(text: string): Date {
  return new Date(instantText(text));
}

/** The end of a half-open window must not move before its last record when cut to milliseconds. */
function ceilToMs(text: string): Date {
  const floor = instant(text);
  return /\.\d{3}0*Z?$/.test(text) ? floor : new Date(floor.getTime() + 1);
}

function instantText(text: string): string {
  const iso = text.replace(' ', 'T');
  return iso.endsWith('Z') ? iso : `${iso}Z`;
}
