import 'server-only';
import type { Context } from '../context';
import type { ProblemCounts } from '../core/chain/problem';
import { problemsOfChains } from '../db/problems';
import type { Problem } from '../schemas/chains';
import { EVENTS, lakeInstant } from './lake-period';

/** Problems held against the lake at once. */
const PAGE = 10_000;

/** Half-open; null where open. */
export type Range = { from: string | null; to: string | null };
type Counted = { total: number; hashed: number; found: { from: string; to: string } | null };
/** Of a chain in a range: its records, those of them whose hash covers their content, the first and last time they state, and problems at them. */
export type PeriodFigures = { total: number; valid: number; found: Counted['found']; counts: ProblemCounts };

/**
 * The figures of chains in a range, by id; a chain without a record in it is left out. As many queries for one chain as for hundreds, plus one
 * for every 10,000 problems. `onProblem` is given every problem that is counted, a chain's in file order.
 */
export async function periodFigures(ctx: Context, chains: readonly { id: string; records: number }[], asked: Range, onProblem: (chainId: string, problem: Problem) => void = () => {}): Promise<Map<string, PeriodFigures>> {
  const counted = await recordsIn(ctx, chains, asked);
  const sizes = new Map(chains.map(({ id, records }) => [id, records]));
  const altered = new Map<string, Set<number>>();
  const figures = new Map([...counted].map(([id, { total, hashed, found }]): [string, PeriodFigures] => [id, { total, valid: hashed, found, counts: {} }]));
  for (let after: Parameters<typeof problemsOfChains>[2]['after']; ; ) {
    const page = await problemsOfChains(ctx.db, [...figures.keys()], { after, limit: PAGE });
    // What is past the last record is told where that lies.
    const placeOf = ({ chainId, record }: (typeof page)[number]) => [chainId, Math.min(record, Math.max(0, (sizes.get(chainId) ?? 0) - 1))] as const;
    const within = await placesIn(ctx, asked, page.map(placeOf));
    for (const row of page) {
      const of = figures.get(row.chainId);
      if (!of || !within.has(placeOf(row).join(' '))) continue;
      const { n: _, chainId, ...problem } = row;
      of.counts[problem.code] = (of.counts[problem.code] ?? 0) + 1;
      if (problem.code === 'hash-mismatch') altered.set(chainId, (altered.get(chainId) ?? new Set()).add(problem.record));
      onProblem(chainId, problem);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = { chainId: last.chainId, byteOffset: last.byteOffset, n: last.n };
  }
  for (const [id, records] of altered) {
    const of = figures.get(id);
    if (of) of.valid -= records.size;
  }
  return figures;
}

function conditionOf({ from, to }: Range): string {
  return [`recorded_at > toDateTime64(0, 6, 'UTC')`, ...(from ? [`recorded_at >= {from: DateTime64(6, 'UTC')}`] : []), ...(to ? [`recorded_at < {to: DateTime64(6, 'UTC')}`] : [])].join(' AND ');
}

function parametersOf({ from, to }: Range): Record<string, string> {
  return { ...(from && { from: lakeInstant(from) }), ...(to && { to: lakeInstant(to) }) };
}

async function recordsIn(ctx: Context, chains: readonly { id: string }[], asked: Range): Promise<Map<string, Counted>> {
  if (chains.length === 0) return new Map();
  const result = await ctx.lake.query({
    query: `SELECT toString(chain_id) AS chain, count() AS total, countIf(hash != '') AS hashed, min(recorded_at) AS first, max(recorded_at) AS last
      FROM ${EVENTS} WHERE chain_id IN {ids: Array(UUID)} AND ${conditionOf(asked)} GROUP BY chain_id`,
    query_params: { ids: chains.map(({ id }) => id), ...parametersOf(asked) },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ chain: string; total: number; hashed: number; first: string; last: string }>();
  return new Map(rows.map(({ chain, total, hashed, first, last }) => [chain, { total, hashed, found: { from: brief(first), to: brief(last) } }]));
}

/** A fraction without the zeros the lake fills it up with. */
function brief(instant: string): string {
  return instant.replace(/(?:\.0+|(\.\d*?)0+)Z$/, '$1Z');
}

/** Which of these records state a time in the range, as `chain ordinal`. */
async function placesIn(ctx: Context, asked: Range, places: readonly (readonly [chainId: string, ordinal: number])[]): Promise<Set<string>> {
  if (places.length === 0) return new Set();
  const byChain = Map.groupBy(places, ([chainId]) => chainId);
  const result = await ctx.lake.query({
    query: `SELECT DISTINCT toString(chain_id) AS chain, ordinal FROM events
      WHERE ${conditionOf(asked)} AND chain_id IN {ids: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)}`,
    query_params: { ids: [...byChain.keys()], ordinals: [...new Set(places.map(([, ordinal]) => ordinal))], ...parametersOf(asked) },
    format: 'JSONEachRow',
  });
  return new Set((await result.json<{ chain: string; ordinal: number }>()).map(({ chain, ordinal }) => `${chain} ${ordinal}`));
}
