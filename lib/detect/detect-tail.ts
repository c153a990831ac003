import 'server-only';
import type { Context } from '../context';
import { noteSearchedTails } from '../db/tails';
import { matchingRules } from '../lake/query/matching-rules';
import { catalog } from './catalog';
import { look } from './look-again';
import { NEAR_MS, clusters, spansOf, together } from './span';

/** Chains looked at in one run, and times far apart from each other that rules are run over. */
const MOST_CHAINS = 1_000;
const MOST_SPANS = 20;

/**
 * Runs every rule over the time of the records that were appended since it ran last, so that a chain that grows costs what is new in it. Other chains
 * that grew meanwhile are looked at in the same run: a burst of appends to many chains at once costs what one costs. Once a segment is closed
 * `detectChain` runs them over all of the chain. A rerun finds the same again.
 */
export async function detectTail(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const tails = await ctx.db
    .selectFrom('tails')
    .select(['chain_id', 'loaded_records', 'searched_records'])
    .whereRef('searched_records', '<', 'loaded_records')
    .orderBy((eb) => eb('chain_id', '=', chainId), 'desc')
    .orderBy('appended_at')
    .limit(MOST_CHAINS)
    .execute();
  const [own] = tails;
  if (own?.chain_id !== chainId) return;
  const spans = await spansOf(
    ctx,
    tails.map(({ chain_id, searched_records }) => ({ chainId: chain_id, ordinal: searched_records })),
  );
  const looks = together(clusters(spans, NEAR_MS), chainId, MOST_SPANS);
  const rules = looks.length > 0 ? await catalog(ctx) : [];
  const looked = new Set<string>();
  for (const { span, chainIds } of looks) {
    const begunMs = performance.now();
    try {
      // What a rule finds where nothing new is of it is there already.
      const times = await matchingRules(ctx, rules, chainIds, span, signal);
      const records = tails.reduce((sum, tail) => sum + (chainIds.includes(tail.chain_id) ? newIn(tail) : 0), 0);
      const about = { how: 'appended', rules, window: span, chains: chainIds.length, records, begunMs } as const;
      await look(ctx, times, about, signal);
      for (const id of chainIds) looked.add(id);
    } catch (error) {
      // What others fail at their own jobs fail at.
      if (chainIds.includes(chainId) || signal?.aborted) throw error;
      ctx.log.warn(
        { err: error, chains: chainIds.length },
        'rules did not run over chains that grew; their own jobs try it',
      );
    }
  }
  // What states no time is looked at by no rule.
  const isDone = (id: string) => looked.has(id) || !spans.has(id);
  const next = tails.find(({ chain_id }) => !isDone(chain_id));
  if (next) await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'detect-tail', { chainId: next.chain_id }));
  const done = tails
    .filter(({ chain_id: id }) => isDone(id))
    .map(({ chain_id: id, loaded_records: records }) => ({ chainId: id, records }));
  await ctx.db.transaction().execute((tx) => noteSearchedTails(tx, done));
}

/** Records that rules have not looked at. */
function newIn({
  loaded_records: loaded,
  searched_records: searched,
}: {
  loaded_records: number;
  searched_records: number;
}): number {
  return loaded - searched;
}
