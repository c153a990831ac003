import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { createLineSplitter } from '../../core/bytes/lines';
import type { OriginalFinding } from '../../core/chain/original';
import { formatById } from '../../core/formats';
import { requireChain, segmentsOf } from '../../db/chains';

/**
 * Follows the format's own verifier down the whole chain and notes what it says. Beside the verdict, never part of it:
 * that verifier may pass what we do not, and the other way round. Keyed by generation: a chain that changed meanwhile keeps null.
 */
export async function followOriginal(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  const original = await originalOf(ctx, chain, signal);
  if (!original) return;
  await ctx.db
    .updateTable('chains')
    .set({ original: JSON.stringify(original) })
    .where('id', '=', chainId)
    .where('generation', '=', chain.generation)
    .execute();
}

/** What the format's own verifier says of the closed segments of a chain; null when it has none. */
export async function originalOf(ctx: Context, chain: { id: string; format: FormatId }, signal?: AbortSignal): Promise<OriginalFinding | null> {
  const walk = formatById(chain.format).original?.(ctx.hasher);
  if (!walk) return null;
  const splitter = createLineSplitter((line) => walk.line(line));
  for (const { digest } of await segmentsOf(ctx.db, chain.id)) {
    for await (const chunk of await ctx.evidence.read(digest)) {
      signal?.throwIfAborted();
      splitter.push(chunk);
    }
  }
  splitter.end();
  return walk.end();
}
