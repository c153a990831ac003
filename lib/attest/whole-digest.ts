import 'server-only';
import { type Hash, createHash } from 'node:crypto';
import type { EvidenceStore } from '../evidence/store';
import { giveUp } from '../threads/give-up';

/** Chains whose digest can go on, in one process. */
const MOST_KEPT = 256;

/** The digest of the first segments of a chain, before it was finished. */
type Begun = { digests: readonly string[]; hash: Hash };

/**
 * SHA-256 of the closed bytes of chains, one segment after another. A chain that has grown is read from where it had been read to: the state of the hash
 * over segments of these names is kept in the memory of the process and nowhere else. It was made from bytes that were proven as they were read, and
 * objects of the same names hold no others, so it needs no proof of its own; one kept in the database could be proven only by reading all of it again.
 */
export function createWholeDigests(
  evidence: Pick<EvidenceStore, 'read'>,
): (chainId: string, digests: readonly string[]) => Promise<string> {
  const begun = new Map<string, Begun>();
  return async (chainId, digests) => {
    const [only] = digests;
    if (only && digests.length === 1) return only;
    const known = begun.get(chainId);
    const isOn =
      known !== undefined &&
      known.digests.length <= digests.length &&
      known.digests.every((digest, at) => digest === digests[at]);
    const hash = isOn ? known.hash.copy() : createHash('sha256');
    for (const digest of digests.slice(isOn ? known.digests.length : 0))
      for await (const chunk of await evidence.read(digest)) {
        hash.update(chunk);
        giveUp(chunk);
      }
    begun.delete(chainId);
    if (begun.size >= MOST_KEPT) begun.delete(begun.keys().next().value ?? '');
    begun.set(chainId, { digests: [...digests], hash: hash.copy() });
    return hash.digest('hex');
  };
}

const shared = new WeakMap<Pick<EvidenceStore, 'read'>, ReturnType<typeof createWholeDigests>>();

/** The digests of this process over a store. */
export function wholeDigests(evidence: EvidenceStore): ReturnType<typeof createWholeDigests> {
  const known = shared.get(evidence) ?? createWholeDigests(evidence);
  shared.set(evidence, known);
  return known;
}
