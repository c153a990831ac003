import 'server-only';
import type { Context } from '@/lib/context';
import { listHeads } from '@/lib/chains/heads';
import { listProblems } from '@/lib/chains/problems';
import { listSegments } from '@/lib/chains/segments';
import type { Chain, Head, Problem, Segment } from '@/lib/schemas/chains';

export type RibbonParts = { segments: Segment[]; problems: Problem[]; heads: Head[] };

/** What a chain's ribbon is drawn from: its first 500 segments, its first 500 problems and its newest 100 heads. */
export async function ribbonParts(ctx: Context, chainId: string): Promise<RibbonParts> {
  const [segments, problems, heads] = await Promise.all([
    listSegments(ctx, { chainId, limit: 500 }),
    listProblems(ctx, { chainId, limit: 500 }),
    listHeads(ctx, { chainId, limit: 100 }),
  ]);
  return { segments: segments.items, problems: problems.items, heads: heads.items };
}

/** The parts of those chains that are more than one whole, unbroken block, by id. */
export async function brokenParts(ctx: Context, chains: readonly Chain[]): Promise<Map<string, RibbonParts>> {
  const inParts = chains.filter(({ segments, problemCounts }) => segments > 1 || Object.keys(problemCounts).length > 0);
  return new Map(await Promise.all(inParts.map(async ({ id }) => [id, await ribbonParts(ctx, id)] as const)));
}
