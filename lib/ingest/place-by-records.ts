import 'server-only';
import type { Context } from '../context';
import { type Stretch, compareHistories } from '../core/chain/compare-histories';
import type { ChainFormat } from '../core/chain/format';
import { AppError } from '../core/errors';
import type { Placement } from '../schemas/uploads';

export type Placed = { placement: Placement; /** The first record that is another one than before. */ forkedAt: number | null };

/**
 * How content relates to what a chain held, told by the hashes of its records. `replaces` when that cannot be told: one of the two holds
 * no records, is not in the store any more, or both hold the same records in other bytes.
 */
export async function placeByRecords(ctx: Context, format: ChainFormat, before: readonly { digest: string }[], next: readonly Stretch[]): Promise<Placed> {
  try {
    const compared = await compareHistories(format, ctx.hasher, before, next, (digest) => ctx.evidence.read(digest));
    if (compared.kind === 'differs') return { placement: compared.forks ? 'forks' : 'rewrites', forkedAt: compared.at.record };
    if (compared.shared === 0) return { placement: 'replaces', forkedAt: null };
    if (compared.kind === 'ends') return { placement: 'shorter', forkedAt: null };
    if (compared.altered) return { placement: 'rewrites', forkedAt: compared.altered.record };
    const records = next.reduce((sum, stretch) => sum + stretch.records, 0);
    return { placement: records > compared.shared ? 'extends' : 'replaces', forkedAt: null };
  } catch (error) {
    // What was lost from the store cannot be compared; that must not keep new evidence out.
    if (error instanceof AppError && error.code === 'EVIDENCE_MISSING') return { placement: 'replaces', forkedAt: null };
    throw error;
  }
}
