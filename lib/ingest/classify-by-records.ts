import 'server-only';
import { MAX_COMPARED_BYTES } from '../core/bytes/limits';
import type { Context } from '../context';
import { type Stretch, compareHistories } from '../core/chain/compare-histories';
import type { ChainFormat } from '../core/chain/format';
import type { UploadRelation } from '../schemas/uploads';
import { isDamage } from '../evidence/damage';
import { PROVEN_FIRST } from '../evidence/store';

export type ClassifiedUpload = {
  relation: UploadRelation;
  /** The first record that is another one than before. */
  forkedAt: number | null;
};

/**
 * How content relates to what a chain held, told by the hashes of its records. `replaces` when that cannot be told: one of the two holds
 * no records, is not in the store any more, both hold the same records in other bytes, or more than `MAX_COMPARED_BYTES` would have to be
 * read while the sender waits: the verdict then tells.
 */
export async function classifyByRecords(
  ctx: Context,
  format: ChainFormat,
  before: readonly { digest: string }[],
  next: readonly Stretch[],
): Promise<ClassifiedUpload> {
  try {
    const compared = await compareHistories(format, ctx.hasher, before, next, boundedReader(ctx));
    if (compared.kind === 'differs')
      return { relation: compared.forks ? 'forks' : 'rewrites', forkedAt: compared.at.record };
    if (compared.shared === 0) return { relation: 'replaces', forkedAt: null };
    if (compared.kind === 'ends') return { relation: 'shorter', forkedAt: null };
    if (compared.altered) return { relation: 'rewrites', forkedAt: compared.altered.record };
    const records = next.reduce((sum, stretch) => sum + stretch.records, 0);
    return { relation: records > compared.shared ? 'extends' : 'replaces', forkedAt: null };
  } catch (error) {
    if (error instanceof TooMuchToCompare) return { relation: 'replaces', forkedAt: null };
    // What was lost from the store, or altered there, cannot be compared; that must not keep new evidence out.
    if (isDamage(error)) return { relation: 'replaces', forkedAt: null };
    throw error;
  }
}

/** Reads from the store until the limit of one comparison is reached. */
function boundedReader(ctx: Context) {
  let readBytes = 0;
  return async function* (digest: string): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of await ctx.evidence.read(digest, PROVEN_FIRST)) {
      const bytes = chunk;
      readBytes += bytes.length;
      if (readBytes > MAX_COMPARED_BYTES) throw new TooMuchToCompare();
      yield bytes;
    }
  };
}

class TooMuchToCompare extends Error {}
