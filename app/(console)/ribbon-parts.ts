import 'server-only';
import type { Context } from '@/lib/context';
import { listHeads } from '@/lib/report/heads';
import { listProblems } from '@/lib/report/problems';
import { listSegments } from '@/lib/report/segments';
import type { Head, Problem, Segment } from '@/lib/schemas/chains';

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
