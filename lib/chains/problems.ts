import 'server-only';
import type { Context } from '../context';
import { countAllProblems, problemsOf } from '../db/problems';
import type { Problem } from '../schemas/chains';
import type { Page } from '../schemas/common';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { ProblemCursor } from '../db/cursor-shapes';

/** Everything found, in file order. */
export async function listProblems(
  ctx: Context,
  {
    chainId,
    cursor,
    limit,
    withTotal = false,
  }: { chainId: string; cursor?: string; limit: number; withTotal?: boolean },
): Promise<Page<Problem>> {
  const place = cursor ? decodeCursor(ProblemCursor, cursor) : null;
  const rows = await problemsOf(ctx.db, chainId, {
    after: place ? { byteOffset: place[0], n: place[1] } : undefined,
    limit: limit + 1,
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(({ n: _, ...problem }) => problem),
    nextCursor: last ? encodeCursor([last.byteOffset, last.n]) : null,
    ...(withTotal && { total: await countAllProblems(ctx.db, chainId) }),
  };
}
