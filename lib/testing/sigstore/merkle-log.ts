import { createHash } from 'node:crypto';

/** An append-only tree as in RFC 6962 section 2.1, written down from there: small, and independent of what it is to test. */
export class MerkleLog {
  readonly #leaves: Buffer[] = [];

  get size(): number {
    return this.#leaves.length;
  }

  /** Position of the new leaf. */
  append(leaf: Buffer): number {
    return this.#leaves.push(sha256(Buffer.of(0), leaf)) - 1;
  }

  root(): Buffer {
    return rootOf(this.#leaves);
  }

  /** Hashes of the `count` subtrees of 256^`level` leaves from the `from`th on. */
  subtrees(level: number, from: number, count: number): Buffer[] {
    const width = 256 ** level;
    return Array.from({ length: count }, (_, n) =>
      rootOf(this.#leaves.slice((from + n) * width, (from + n + 1) * width)),
    );
  }

  /** Inclusion proof in the tree as it stands. */
  prove(index: number): Buffer[] {
    return pathOf(index, this.#leaves);
  }
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return first;
  const split = splitOf(leaves.length);
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  if (index < split) return [...pathOf(index, leaves.slice(0, split)), rootOf(leaves.slice(split))];
  return [...pathOf(index - split, leaves.slice(split)), rootOf(leaves.slice(0, split))];
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
