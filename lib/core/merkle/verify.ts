import { HASH_BYTES, isSameHash, nodeHash } from './hash';

/** Whether the hashes lead from the leaf's to the root. RFC 9162 section 2.1.3.2; the proofs are those of RFC 6962. */
export function verifyInclusion(proof: {
  index: number;
  size: number;
  leafHash: Uint8Array;
  rootHash: Uint8Array;
  hashes: readonly Uint8Array[];
}): boolean {
  const root = rootFromInclusion(proof);
  return root !== null && isSameHash(root, proof.rootHash);
}

/** The root the hashes lead to; null when they are not as many as the place of the leaf asks for. */
export function rootFromInclusion({
  index,
  size,
  leafHash,
  hashes,
}: {
  index: number;
  size: number;
  leafHash: Uint8Array;
  hashes: readonly Uint8Array[];
}): Uint8Array | null {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, ...hashes])) return null;
  let [node, last] = [index, size - 1];
  let root = leafHash;
  for (const hash of hashes) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(hash, root);
      [node, last] = skipLeftEdge(node, last);
    } else root = nodeHash(root, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : null;
}

/** Whether the hashes prove one tree the beginning of the other. RFC 9162 section 2.1.4.2. Every tree begins with the empty one. */
export function verifyConsistency({
  from,
  to,
  fromRoot,
  toRoot,
  hashes,
}: {
  from: number;
  to: number;
  fromRoot: Uint8Array;
  toRoot: Uint8Array;
  hashes: readonly Uint8Array[];
}): boolean {
  if (!isCount(from) || !isCount(to) || from > to || !areHashes([fromRoot, toRoot, ...hashes])) return false;
  if (from === to) return hashes.length === 0 && isSameHash(fromRoot, toRoot);
  if (from === 0) return hashes.length === 0;
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...hashes] : hashes;
  if (!first || hashes.length === 0) return false;
  let [node, last] = [from - 1, to - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      [node, last] = skipLeftEdge(node, last);
    } else newer = nodeHash(newer, hash);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSameHash(older, fromRoot) && isSameHash(newer, toRoot);
}

/** Up to the level at which the node is a right child, or the first of all. */
function skipLeftEdge(node: number, last: number): [number, number] {
  let [at, end] = [node, last];
  while (at % 2 === 0 && at !== 0) [at, end] = [half(at), half(end)];
  return [at, end];
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function isPowerOfTwo(number: number): boolean {
  let power = 1;
  while (power < number) power *= 2;
  return power === number;
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}
