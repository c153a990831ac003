import 'server-only';
import type { Context } from '../context';
import type { ProblemCounts } from '../core/chain/problem';
import { problemsOfChains } from '../db/problems';
import { type Counted, countsInRange, recordsInRange } from '../lake/query/by-chain';
import type { Range } from '../lake/query/events';
import type { Problem } from '../schemas/chains';

/** Problems compared with the lake at once. */
const PAGE = 10_000;

/** Of a chain in a range: its records, those of them whose hash covers their content, the first and last time they state, and problems at them. */
export type PeriodFigures = { total: number; valid: number; found: Counted['found'] | null; counts: ProblemCounts };

/**
 * The figures of chains in a range, by id; a chain without a record in it is left out. As many queries for one chain as for hundreds, plus one
 * for every 10,000 problems. `onProblem` is given every problem that is counted, a chain's in file order.
 */
export async function periodFigures(
  ctx: Context,
  chains: readonly { id: string; records: number }[],
  requested: Range,
  onProblem: (chainId: string, problem: Problem) => void = () => {},
): Promise<Map<string, PeriodFigures>> {
  const counted = await countsInRange(
    ctx,
    chains.map(({ id }) => id),
    requested,
  );
  const sizes = new Map(chains.map(({ id, records }) => [id, records]));
  const altered = new Map<string, Set<number>>();
  const figures = new Map(
    [...counted].map(([id, { total, hashed, found }]): [string, PeriodFigures] => [
      id,
      { total, valid: hashed, found, counts: {} },
    ]),
  );
  for (let after: Parameters<typeof problemsOfChains>[2]['after']; ; ) {
    const page = await problemsOfChains(ctx.db, [...figures.keys()], { after, limit: PAGE });
    // What is past the last record is told where that lies.
    const placeOf = ({ chainId, record }: (typeof page)[number]) =>
      [chainId, Math.min(record, Math.max(0, (sizes.get(chainId) ?? 0) - 1))] as const;
    const within = await recordsInRange(ctx, page.map(placeOf), requested);
    for (const row of page) {
      const of = figures.get(row.chainId);
      if (!of || !within.has(placeOf(row).join(' '))) continue;
      const { n: _, chainId, ...problem } = row;
      of.counts[problem.code] = (of.counts[problem.code] ?? 0) + 1;
      if (problem.code === 'hash-mismatch')
        altered.set(chainId, (altered.get(chainId) ?? new Set()).add(problem.record));
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
