import type { Hasher } from '../chain/format';
import { createTileFolder } from './fold-tiles';
import { HASH_BYTES } from './hash';
import { rootHash } from './prove';
import type { RecordsIn } from './record-lines';
import { type SegmentTree, createSegmentTree } from './segment-tree';
import { TILE_WIDTH } from './tiles';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** Head of the tree over a chain, its root in lower-case hex. */
export type ChainHead = { size: number; rootHash: string };

/** Builds the tree over a chain from its bytes, which are given away as to `createSegmentTree`. */
export function createChainRoot(
  hasher: Hasher,
  recordsIn: RecordsIn | null,
): { push(chunk: Uint8Array): void; end(): Promise<ChainHead> } {
  const tree = createSegmentTree(hasher, { phase: 0, recordsIn });
  return { push: (chunk) => tree.push(chunk), end: () => headOf(tree.end(), hasher) };
}

async function headOf({ records, tiles, tail }: SegmentTree, hasher: Hasher): Promise<ChainHead> {
  const fold = createTileFolder(hasher);
  const levels = [tiles];
  for (let level = tiles; level.length >= TILE_BYTES; levels.push(level))
    level = Uint8Array.from(fold(level.subarray(0, level.length - (level.length % TILE_BYTES))));
  const root = await rootHash(
    async ({ level, index, width }) =>
      (level === 0 ? tail : (levels[level - 1] ?? tail).subarray(index * TILE_BYTES)).subarray(0, width * HASH_BYTES),
    records,
  );
  return { size: records, rootHash: Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}
