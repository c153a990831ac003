import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { backfillsOf } from './backfill/backfills';
import type { CatalogRule } from './catalog';
import { type Range, spanOfBoth } from './range';
import { spansOf } from './span';

/** A chain whose records, as they were loaded for a generation, are due. */
export type Due = { id: string; name: string; generation: number };

/** What a rule had seen of a chain when the chain was looked at last. */
type Seen = { records: number; range: Range };

/** Rules that have come equally far in every chain, and the time of what is new to them there. A chain without a span has nothing new, or nothing that states a time. */
export type Looking = {
  rules: CatalogRule[];
  seen: ReadonlyMap<string, ReadonlyMap<string, Seen>>;
  spans: ReadonlyMap<string, Range>;
  /** By chain, how many of its records are looked at. */
  fresh: ReadonlyMap<string, number>;
  /** By rule, the time of what it found before in chains that are looked at as a whole: it may be there no more. */
  found: ReadonlyMap<string, ReadonlyMap<string, Range>>;
};

type State = { records: number; firstNew: number | null; isAgain: boolean };

/**
 * How far rules have come in chains. A chain that only grew since a rule looked at it is looked at from the first segment that was loaded since;
 * one whose records were replaced, or that is looked at again as it stands, as a whole and over the time of what was found in it before.
 */
export async function whatIsNew(
  ctx: Context,
  rules: readonly CatalogRule[],
  chains: readonly Due[],
): Promise<Looking[]> {
  const ids = chains.map(({ id }) => id);
  const [states, seen] = await Promise.all([statesOf(ctx, ids), seenBy(ctx, ids)]);
  const backfills = await backfillsOf(ctx.db, rules);
  const together = Map.groupBy(rules, ({ digest }) =>
    [backfills.has(digest), ...ids.map((id) => seen.get(id)?.has(digest) ?? false)].join(),
  );
  return Promise.all(
    [...together.values()].map(async (group) => {
      const digest = group[0]?.digest ?? '';
      const starts = chains.map(({ id }) => ({
        chainId: id,
        ordinal: startOf(states.get(id), seen.get(id)?.get(digest), backfills.has(digest)),
      }));
      const spans = await spansOf(
        ctx,
        starts.flatMap(({ chainId, ordinal }) => (ordinal === null ? [] : [{ chainId, ordinal }])),
      );
      const whole = starts.filter(({ ordinal }) => ordinal === 0).map(({ chainId }) => chainId);
      const found = await spansOfFindings(ctx, group, whole);
      for (const [id, span] of [...found.values()].flatMap((ofRule) => [...ofRule]))
        spans.set(id, spanOfBoth(spans.get(id) ?? span, span));
      const fresh = new Map(
        starts.flatMap(({ chainId, ordinal }) =>
          ordinal === null ? [] : [[chainId, Math.max(0, (states.get(chainId)?.records ?? 0) - ordinal)] as const],
        ),
      );
      return { rules: group, seen, spans, fresh, found };
    }),
  );
}

/** The first record to look at; null when nothing is new. What a rule has not seen and a backfill of it looks at is not looked at here. */
function startOf(state: State | undefined, seen: Seen | undefined, isBackfilled: boolean): number | null {
  if (!state || state.isAgain) return 0;
  if (!seen) return isBackfilled && state.firstNew !== null ? state.firstNew : 0;
  if (state.firstNew === null) return state.records === seen.records ? null : 0;
  return state.firstNew === seen.records ? seen.records : 0;
}

async function statesOf(ctx: Context, ids: readonly string[]): Promise<Map<string, State>> {
  const { rows } = await sql<{ id: string; records: number; first_new: number | null; again: boolean }>`
    SELECT c.id, coalesce(sum(s.records), 0)::bigint AS records, c.detected_generation = c.generation AS again,
      min(s.first_record) FILTER (WHERE s.loaded_generation IS NULL OR s.loaded_generation > c.detected_generation) AS first_new
    FROM chains c LEFT JOIN chain_segments s ON s.chain_id = c.id WHERE c.id = ANY(${[...ids]}::uuid[]) GROUP BY c.id`.execute(
    ctx.db,
  );
  return new Map(
    rows.map(({ id, records, first_new: firstNew, again }) => [id, { records, firstNew, isAgain: again }]),
  );
}

/** By chain and digest, of the generation each chain was looked at last. */
async function seenBy(ctx: Context, ids: readonly string[]): Promise<Map<string, Map<string, Seen>>> {
  const rows = await ctx.db
    .selectFrom('rule_runs as r')
    .innerJoin('chains as c', (join) =>
      join.onRef('c.id', '=', 'r.chain_id').onRef('c.detected_generation', '=', 'r.generation'),
    )
    .where('c.id', 'in', ids)
    .select(['r.chain_id', 'r.rule_digest', 'r.records', 'r.window_from', 'r.window_to'])
    .execute();
  const seen = new Map<string, Map<string, Seen>>();
  for (const { chain_id: id, rule_digest: digest, records, window_from: from, window_to: to } of rows) {
    const ofChain = seen.get(id) ?? new Map<string, Seen>();
    seen.set(id, ofChain.set(digest, { records, range: { from, to } }));
  }
  return seen;
}

/** By rule, the time of what it found in chains as they were before. */
async function spansOfFindings(
  ctx: Context,
  rules: readonly CatalogRule[],
  chainIds: readonly string[],
): Promise<Map<string, Map<string, Range>>> {
  if (rules.length === 0 || chainIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as l', 'l.finding_id', 'f.id')
    .where('l.chain_id', 'in', chainIds)
    .where(
      'f.rule_id',
      'in',
      rules.map(({ id }) => id),
    )
    .where('f.superseded_at', 'is', null)
    .groupBy(['f.rule_id', 'l.chain_id'])
    .select(({ fn }) => ['f.rule_id', 'l.chain_id', fn.min('f.window_from').as('from'), fn.max('f.window_to').as('to')])
    .execute();
  const byRule = new Map<string, Map<string, Range>>();
  for (const { rule_id: rule, chain_id: id, from, to } of rows)
    byRule.set(rule, (byRule.get(rule) ?? new Map<string, Range>()).set(id, { from, to }));
  return byRule;
}
