import type { Hasher } from '../chain/format';
import { createTileFolder } from './fold-tiles';
import { HASH_BYTES } from './hash';
import { rootHash } from './prove';
import type { SegmentTree } from './segment-tree';
import { TILE_WIDTH } from './tiles';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** Root of the tree over a chain that is one segment, built with phase 0, in lower-case hex. */
export async function segmentRoot({ records, tiles, tail }: SegmentTree, hasher: Hasher): Promise<string> {
  const fold = createTileFolder(hasher);
  const levels = [tiles];
  for (let level = tiles; level.length >= TILE_BYTES; levels.push(level)) level = Uint8Array.from(fold(level.subarray(0, level.length - (level.length % TILE_BYTES))));
  const root = await rootHash(async ({ level, index, width }) => (level === 0 ? tail : (levels[level - 1] ?? tail).subarray(index * TILE_BYTES)).subarray(0, width * HASH_BYTES), records);
  return Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
