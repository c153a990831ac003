import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash';
import { consistencyRanges, inclusionRanges, type LeafRange, subtreesOf } from './ranges';
import { foldHashes, type TileSource, tileOf } from './tiles';

/** Root of the tree over the first `size` leaves. */
export async function rootHash(source: TileSource, size: number): Promise<Uint8Array> {
  return size === 0 ? EMPTY_ROOT : rangeHash(source, { start: 0, end: size });
}

/** The hashes that prove leaf `index` in the tree over the first `size` leaves, RFC 6962 section 2.1.1. @throws RangeError. */
export async function proveInclusion(
  source: TileSource,
  { index, size }: { index: number; size: number },
): Promise<Uint8Array[]> {
  return hashesOf(source, inclusionRanges(index, size));
}

/** The hashes that prove the tree over the first `from` leaves the beginning of that over `to`, RFC 6962 section 2.1.2. @throws RangeError. */
export async function proveConsistency(
  source: TileSource,
  { from, to }: { from: number; to: number },
): Promise<Uint8Array[]> {
  return hashesOf(source, consistencyRanges(from, to));
}

async function hashesOf(source: TileSource, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const range of ranges) hashes.push(await rangeHash(source, range));
  return hashes;
}

async function rangeHash(source: TileSource, range: LeafRange): Promise<Uint8Array> {
  let hash: Uint8Array | null = null;
  for (const subtree of subtreesOf(range).toReversed()) {
    const { tile, at, count } = tileOf(subtree);
    const whole = foldHashes((await source(tile)).subarray(HASH_BYTES * at, HASH_BYTES * (at + count)));
    hash = hash ? nodeHash(whole, hash) : whole;
  }
  if (!hash) throw new RangeError('a range without leaves has no hash');
  return hash;
}
