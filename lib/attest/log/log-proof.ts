import 'server-only';
import type { Context } from '../../context';
import { proveInclusion } from '../../core/merkle/prove';
import { formatTlogProof } from '../../core/merkle/tlog-proof';
import { logSource } from './log-tiles';
import { publishedCheckpoint } from './serve';

/** The entry that tells of an attestation's bundle, and its proof under the newest head; null while that does not cover it. */
export async function logProof(
  ctx: Context,
  { attestationId, bundleSha256 }: { attestationId: string; bundleSha256: string },
): Promise<{ entry: Buffer; proof: string } | null> {
  const checkpoint = await publishedCheckpoint(ctx);
  const entries = await ctx.db
    .selectFrom('log_entries')
    .select(['index', 'entry'])
    .where('kind', '=', 'attestation')
    .where('about', '=', attestationId)
    .orderBy('index')
    .execute();
  // Other bundles of the same attestation have entries of their own.
  const found = entries.find(({ entry }) => entry.includes(`"${bundleSha256}"`));
  if (!checkpoint || !found || found.index >= checkpoint.size) return null;
  const hashes = await proveInclusion(logSource(ctx.db), { index: found.index, size: checkpoint.size });
  return {
    entry: found.entry,
    proof: formatTlogProof({ extra: null, index: found.index, hashes, checkpoint: checkpoint.note }),
  };
}
