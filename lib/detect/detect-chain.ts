import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import { requireChain } from '../db/chains';
import { lockUntilCommit } from '../db/lock';
import { matchingRules } from '../lake/query/matching-rules';
import { dropWaiting, waitingJobs } from '../queue/waiting';
import { backfillsOf } from './backfill/backfills';
import { type CatalogRule, catalog } from './catalog';
import { FoundFindings } from './found-findings';
import { type Range, spanOfBoth } from './range';
import { runRules } from './run-rule';
import { beginLook, lookAgain } from './look-again';
import { type RuleRun, findingsAbout, writeRuns } from './rule-runs';
import { NEAR_MS, clusters, together } from './span';
import { type Due, type Looking, whatIsNew } from './watermarks';
import { recordLook } from './rule-looks';
import { writeFindings } from './write-findings';

/** Chains that wait for the rules and are looked at in one run; each is locked while what was found is written. */
const MOST_CHAINS = 200;
const MOST_SPANS = 20;

type Waiting = Due & { /** Its own job, which is done with it. */ jobId: string | null };

/**
 * Runs every rule over the time of what is new to it in the chain, across all chains, and writes what it finds. Chains that wait for the rules as
 * well, and whose new records are of the same time or one of a few others, are done in the same run.
 * A finding is keyed by rule, group and where its window begins: a rerun updates it, and keeps its status.
 */
export async function detectChain(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const own = await requireChain(ctx.db, chainId);
  if (own.loaded_generation !== own.generation) return; // the load of the newer generation comes back here
  const due: Waiting[] = [
    { id: own.id, name: own.name, generation: own.generation, jobId: null },
    ...(await othersDue(ctx, chainId)),
  ];
  const left = new Set<string>();
  for (const looking of await whatIsNew(ctx, await catalog(ctx), due)) {
    const looked = await look(ctx, looking, chainId, due, signal);
    for (const { id } of due) if (!looked.has(id)) left.add(id);
  }
  await finish(
    ctx,
    due.filter(({ id }) => !left.has(id)),
  );
}

/** Other chains whose job waits, loaded as they stand. */
async function othersDue(ctx: Context, chainId: string): Promise<Waiting[]> {
  const jobs = new Map((await waitingJobs(ctx.db, 'detect-chain', MOST_CHAINS)).map(({ id, key }) => [key, id]));
  jobs.delete(chainId);
  if (jobs.size === 0) return [];
  const chains = await ctx.db
    .selectFrom('chains')
    .select(['id', 'name', 'generation'])
    .where('id', 'in', [...jobs.keys()])
    .whereRef('loaded_generation', '=', 'generation')
    .execute();
  return chains.map((chain) => ({ ...chain, jobId: jobs.get(chain.id) ?? null }));
}

/** Runs the rules, each time once for all chains that have something new in it. Gives the chains that are done. */
async function look(
  ctx: Context,
  { rules, seen, spans, found: before, fresh }: Looking,
  chainId: string,
  due: readonly Waiting[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const isNew = ({ id }: Waiting) => spans.has(id);
  const looked = new Set(due.filter((chain) => !isNew(chain)).map(({ id }) => id));
  await write(
    ctx,
    rules.map((rule) => ({ rule, looked: null, range: null })),
    new FoundFindings(ctx.db),
    due.filter((chain) => !isNew(chain)),
    seen,
  );
  for (const { span, chainIds } of together(clusters(spans, NEAR_MS), chainId, MOST_SPANS)) {
    const begunMs = performance.now();
    try {
      const begun = await beginLook(ctx);
      const kept = await ctx.db.connection().execute(async (db) => {
        const found = new FoundFindings(db);
        // Elsewhere a rule finds what it found before.
        const matching = await matchingRules(ctx, rules, chainIds, span, signal);
        const times = new Map(
          rules.flatMap((rule) => {
            const ofFound = chainIds.flatMap((id) => before.get(rule.id)?.get(id) ?? []);
            const records = matching.get(rule)?.records ?? 0;
            const time = [matching.get(rule), ...ofFound].reduce<Range | undefined>(
              (a, b) => (a && b ? spanOfBoth(a, b) : (a ?? b)),
              undefined,
            );
            return time ? [[rule, { ...time, records }] as const] : [];
          }),
        );
        const { looked: ranges, outcomes } = await runRules(ctx, times, found, signal);
        const looks = rules.flatMap((rule): Look[] => {
          const range = ranges.get(rule) ?? null;
          // One that was taken out has looked at nothing.
          if (times.has(rule) && range === null) return [];
          return [{ rule, looked: range ? spanOfBoth(span, range) : span, range }];
        });
        const id = await write(
          ctx,
          looks,
          found,
          due.filter(({ id }) => chainIds.includes(id)),
          seen,
          (tx) =>
            recordLook(ctx, tx, {
              how: 'chain',
              rules,
              window: span,
              chains: chainIds.length,
              records: chainIds.reduce((sum, id) => sum + (fresh.get(id) ?? 0), 0),
              outcomes,
              elapsedMs: performance.now() - begunMs,
            }),
        );
        await found.end();
        return { begun, id, looked: ranges };
      });
      await lookAgain(ctx, kept, signal);
      for (const id of chainIds) looked.add(id);
    } catch (error) {
      // What others fail at their own jobs fail at.
      if (chainIds.includes(chainId) || signal?.aborted) throw error;
      ctx.log.warn(
        { err: error, chains: chainIds.length },
        'rules did not run over chains that wait for them; their own jobs try it',
      );
    }
  }
  return looked;
}

/** `looked` is null where there was nothing to look at, `range` also where nothing that is new is of the rule: else the time whose findings are all known. */
type Look = { rule: CatalogRule; looked: Range | null; range: Range | null };

/** Writes what rules found, and for each chain, as it was when they ran, that they did. Gives what `also` gives in the same transaction. */
async function write(
  ctx: Context,
  looks: readonly Look[],
  found: FoundFindings,
  chains: readonly Due[],
  seen: Looking['seen'],
  also: (tx: Tx) => Promise<string | null> = () => Promise.resolve(null),
): Promise<string | null> {
  if (chains.length === 0 || looks.length === 0) return null;
  return found.transaction(async (tx) => {
    const standing = await lockAsTheyWere(tx, chains);
    const ranges = new Map(looks.flatMap(({ rule, range }) => (range ? [[rule, range] as const] : [])));
    await writeFindings(ctx, tx, ranges, found, ctx.now());
    const about = await findingsAbout(
      tx,
      looks.map(({ rule }) => rule),
      standing.map(({ id }) => id),
    );
    const backfills = await backfillsOf(
      tx,
      looks.map(({ rule }) => rule),
    );
    const runs = looks.flatMap(({ rule, looked }) =>
      standing.flatMap(({ id, generation, records }): RuleRun[] => {
        const backfill = backfills.get(rule.digest);
        const before = seen.get(id)?.get(rule.digest)?.range ?? backfill?.range;
        // It has seen all of the chain once it has looked at what was before.
        if (backfill && !backfill.isDone) return [];
        const window = looked && before ? spanOfBoth(looked, before) : (looked ?? before);
        const findings = about.get(`${rule.id} ${id}`) ?? 0;
        return window ? [{ rule, chainId: id, generation, records, window, findings }] : [];
      }),
    );
    await writeRuns(tx, runs, ctx.now());
    return also(tx);
  });
}

/** The chains are searched as they stand, and can be attested. */
async function finish(ctx: Context, chains: readonly Waiting[]): Promise<void> {
  if (chains.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    const standing = await lockAsTheyWere(tx, chains);
    for (const { id, generation } of standing) {
      await tx
        .updateTable('chains')
        .set({ detected_generation: generation, updated_at: ctx.now() })
        .where('id', '=', id)
        .execute();
      await ctx.queue.send(tx, 'attest-chain', { chainId: id, generation });
    }
    await dropWaiting(
      tx,
      'detect-chain',
      chains.flatMap(({ id, jobId }) => (jobId && standing.some((one) => one.id === id) ? [jobId] : [])),
    );
  });
}

/** Those that are of the generation they were, with how many records their segments hold; nobody changes them until the transaction ends. */
async function lockAsTheyWere(tx: Tx, chains: readonly Due[]): Promise<(Due & { records: number })[]> {
  // In the order of their names, so that two of these never wait for each other.
  for (const { name } of chains.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    await lockUntilCommit(tx, 'chain', name);
  await lockUntilCommit(tx, 'findings', '');
  const { rows: now } = await sql<{ id: string; generation: number; records: number }>`
    SELECT c.id, c.generation, (SELECT coalesce(sum(s.records), 0)::bigint FROM chain_segments s WHERE s.chain_id = c.id) AS records
    FROM chains c WHERE c.id = ANY(${chains.map(({ id }) => id)}::uuid[])`.execute(tx);
  const byId = new Map(now.map((row) => [row.id, row]));
  return chains.flatMap((chain) => {
    const row = byId.get(chain.id);
    return row?.generation === chain.generation
      ? [{ id: chain.id, name: chain.name, generation: chain.generation, records: row.records }]
      : [];
  });
}
