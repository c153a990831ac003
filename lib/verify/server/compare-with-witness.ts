import 'server-only';
import type { Context } from '../../context';
import type { SegmentCheck } from '../../core/chain/check';
import { type Comparison, compareHistories } from '../../core/chain/compare-histories';
import type { ChainFormat } from '../../core/chain/format';
import { contentAfter } from '../../db/contents';
import { PROVEN_FIRST } from '../../evidence/store';

/** Where a chain parts from what it held after an upload; null when that content is not known any more. */
export async function compareWithWitness(
  ctx: Context,
  format: ChainFormat,
  { chainId, uploadId }: { chainId: string; uploadId: string },
  now: readonly { digest: string; check: SegmentCheck }[],
): Promise<Comparison | null> {
  const before = await contentAfter(ctx.db, chainId, uploadId);
  if (!before) return null;
  const stretches = now.map(({ digest, check: { sizeBytes, records, lines } }) => ({
    digest,
    sizeBytes,
    records,
    lines,
  }));
  return compareHistories(format, ctx.hasher, before, stretches, (digest) => ctx.evidence.read(digest, PROVEN_FIRST));
}
