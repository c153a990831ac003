import 'server-only';
import type { Context } from '../context';
import { tailBytes } from '../db/tails';
import { readObject } from '../evidence/store';

/**
 * Bytes `[from, to)` of a chain that lie in one segment, and the segment's digest: null while it is open. Null when the chain does not
 * reach so far. @throws AppError EVIDENCE_MISSING.
 */
export async function readChainBytes(ctx: Context, chainId: string, from: number, to: number): Promise<{ bytes: Buffer; segmentDigest: string | null } | null> {
  const segment = await ctx.db.selectFrom('chain_segments').select(['digest', 'byte_offset', 'size_bytes']).where('chain_id', '=', chainId).where('byte_offset', '<=', from).orderBy('byte_offset', 'desc').limit(1).executeTakeFirst();
  if (segment && to <= segment.byte_offset + segment.size_bytes) {
    return { bytes: await readObject(ctx.evidence, segment.digest, { from: from - segment.byte_offset, to: to - segment.byte_offset }), segmentDigest: segment.digest };
  }
  const bytes = await tailBytes(ctx.db, chainId, from, to);
  return bytes.length === to - from ? { bytes, segmentDigest: null } : null;
}
