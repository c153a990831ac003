import 'server-only';
import type { Context } from '@/lib/context';
import { listHeads, newestHeads } from '@/lib/chains/heads';
import { listProblems } from '@/lib/chains/problems';
import { firstSegments, listSegments } from '@/lib/chains/segments';
import type { Chain, Head, Problem, Segment } from '@/lib/schemas/chains';

const SEGMENTS = 500;
const PROBLEMS = 500;
const HEADS = 100;

export type RibbonParts = { segments: Segment[]; problems: Problem[]; heads: Head[] };

/** What a chain's ribbon is drawn from: its first 500 segments, its first 500 problems and its newest 100 heads. */
export async function ribbonParts(ctx: Context, chainId: string): Promise<RibbonParts> {
  const [segments, problems, heads] = await Promise.all([
    listSegments(ctx, { chainId, limit: SEGMENTS }),
    listProblems(ctx, { chainId, limit: PROBLEMS }),
    listHeads(ctx, { chainId, limit: HEADS }),
  ]);
  return { segments: segments.items, problems: problems.items, heads: heads.items };
}

/** The parts of those chains that are more than one whole, unbroken block, by id: the same, asked for at once but for problems, which few have. */
export async function brokenParts(ctx: Context, chains: readonly Chain[]): Promise<Map<string, RibbonParts>> {
  const isBroken = ({ problemCounts }: Chain) => Object.keys(problemCounts).length > 0;
  const inParts = chains.filter((chain) => chain.segments > 1 || isBroken(chain));
  if (inParts.length === 0) return new Map();
  const ids = inParts.map(({ id }) => id);
  const [segments, heads, problems] = await Promise.all([
    firstSegments(ctx, ids, SEGMENTS),
    newestHeads(ctx, ids, HEADS),
    Promise.all(
      inParts
        .filter((chain) => isBroken(chain) || chain.tail !== null)
        .map(async ({ id }) => [id, (await listProblems(ctx, { chainId: id, limit: PROBLEMS })).items] as const),
    ),
  ]);
  const found = new Map(problems);
  return new Map(
    ids.map((id) => [
      id,
      { segments: segments.get(id) ?? [], problems: found.get(id) ?? [], heads: heads.get(id) ?? [] },
    ]),
  );
}
