import 'server-only';
import { createHash } from 'node:crypto';
import { isDamage } from '../evidence/damage';
import type { EvidenceStore } from '../evidence/store';
import type { UploadRelation } from '../schemas/uploads';

type Piece = { digest: string; size_bytes: number };

/**
 * How new content relates to what the chain holds, told by bytes alone.
 * `continues` is not told here: it needs the links of the records.
 */
export async function classifyByBytes(
  evidence: EvidenceStore,
  present: readonly Piece[],
  next: readonly Piece[],
): Promise<UploadRelation> {
  if (present.length === 0) return 'new';
  let common = 0;
  while (common < present.length && common < next.length && present[common]?.digest === next[common]?.digest)
    common += 1;
  const [ours, theirs] = [present[common], next[common]];
  if (!ours && !theirs) return 'identical';
  if (!ours) return 'extends';
  if (!theirs) return 'shorter';
  // Cuts depend on the bytes alone, so only the last segment of the shorter side can be a part of its counterpart.
  if (
    common === present.length - 1 &&
    ours.size_bytes < theirs.size_bytes &&
    (await startsWith(evidence, theirs.digest, ours))
  )
    return 'extends';
  if (
    common === next.length - 1 &&
    theirs.size_bytes < ours.size_bytes &&
    (await startsWith(evidence, ours.digest, theirs))
  )
    return 'shorter';
  return 'replaces';
}

async function startsWith(evidence: EvidenceStore, digest: string, start: Piece): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of await evidence.read(digest, { from: 0, to: start.size_bytes })) hash.update(chunk);
  } catch (error) {
    if (isDamage(error)) return false; // that must not keep new evidence out
    throw error;
  }
  return hash.digest('hex') === start.digest;
}
