import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import { formatById } from '../../core/formats';
import { requireChain, segmentsOf } from '../../db/chains';
import { createFollower } from '../log/follow-reference';
import { evidenceSource } from './evidence-source';

/**
 * Follows the format's own verifier down the whole chain and notes what it says. Beside the verdict, never part of it:
 * that verifier may pass what we do not, and the other way round. Keyed by generation: a chain that changed meanwhile keeps null.
 */
export async function followReferenceVerifier(
  ctx: Context,
  { chainId }: { chainId: string },
  signal?: AbortSignal,
): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  const referenceVerifier = await referenceFindingOf(ctx, chain, signal);
  if (!referenceVerifier) return;
  await ctx.db
    .updateTable('chains')
    .set({ reference_verifier: JSON.stringify(referenceVerifier) })
    .where('id', '=', chainId)
    .where('generation', '=', chain.generation)
    .execute();
}

/** What the format's own verifier says of the closed segments of a chain; null when it has none, or none of the records is in one yet. */
export async function referenceFindingOf(
  ctx: Context,
  chain: { id: string; format: FormatId; records: number },
  signal?: AbortSignal,
): Promise<ReferenceFinding | null> {
  const walk = formatById(chain.format).referenceVerifier?.(ctx.hasher);
  if (!walk) return null;
  const segments = await segmentsOf(ctx.db, chain.id);
  if (segments.length === 0 && chain.records > 0) return null;
  const follower = createFollower(walk);
  // The chain is one log, however it lies in segments.
  for (const { open } of evidenceSource(ctx.evidence, segments, signal).files) {
    for await (const chunk of open()) follower.push(chunk);
  }
  return follower.end();
}
