import * as z from 'zod';
import type { Hasher } from '../../chain/format';
import { fromHex } from './digests';

const NODE = new TextEncoder().encode('nono.audit.merkle.alpha\n');
const Digest = z.lazy(() => z.string().regex(/^[0-9a-f]{64}$/));

/** That a leaf is in a tree: the nodes beside the way from it to the root. */
export const InclusionProof = z.lazy(() =>
  z.object({
    leaf_index: z.int().nonnegative(),
    leaf_count: z.int().positive(),
    leaf_hash: Digest,
    merkle_root: Digest,
    siblings: z.array(z.object({ direction: z.enum(['left', 'right']), hash: Digest })),
  }),
);
export type InclusionProof = z.infer<typeof InclusionProof>;

/**
 * Grows the Merkle tree over `leaf_hash` of every record. Leaves are taken as they are, the last of an odd row moves up unchanged, and
 * the empty tree is the digest of nothing: the shape of RFC 6962, not its hashes. Holds one digest a level.
 */
export function createMerkleTree(hasher: Hasher): { add(leaf: string): void; root(): string } {
  const peaks: { level: number; hash: string }[] = [];
  const join = (left: string, right: string) => nodeDigest(hasher, left, right);
  return {
    add(leaf) {
      let node = { level: 0, hash: leaf };
      for (let last = peaks.at(-1); last && last.level === node.level; last = peaks.at(-1)) {
        peaks.pop();
        node = { level: node.level + 1, hash: join(last.hash, node.hash) };
      }
      peaks.push(node);
    },
    root: () =>
      peaks.length === 0
        ? hasher.sha256(new Uint8Array(0))
        : peaks.map(({ hash }) => hash).reduceRight((right, left) => join(left, right)),
  };
}

/** Whether a proof holds; each sibling must be used, on the side where it stands. */
export function provesInclusion(
  hasher: Hasher,
  { leaf_index: leafIndex, leaf_count: leafCount, leaf_hash: leaf, merkle_root: root, siblings }: InclusionProof,
): boolean {
  if (leafIndex >= leafCount) return false;
  let [index, hash, used] = [leafIndex, leaf, 0];
  for (let width = leafCount; width > 1; width = Math.ceil(width / 2), index = Math.floor(index / 2)) {
    if (index % 2 === 0 && index === width - 1) continue;
    const sibling = siblings[used];
    used += 1;
    if (sibling?.direction !== (index % 2 === 0 ? 'right' : 'left')) return false;
    hash = index % 2 === 0 ? nodeDigest(hasher, hash, sibling.hash) : nodeDigest(hasher, sibling.hash, hash);
  }
  return used === siblings.length && hash === root;
}

function nodeDigest(hasher: Hasher, left: string, right: string): string {
  return hasher.sha256(NODE, fromHex(left), fromHex(right));
}
