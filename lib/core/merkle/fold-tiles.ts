import type { Hasher } from '../chain/format';
import { HASH_BYTES, NODE_PREFIX } from './hash';
import { TILE_HEIGHT, TILE_WIDTH } from './tiles';

const NODE_BYTES = 1 + 2 * HASH_BYTES;
/** Tiles whose nodes are hashed in one go: what lies in between stays in the processor's cache. */
const TILES_AT_ONCE = 16;

/** Folds whole tiles into their roots, many at once: 256 hashes each, one tile after another, give 32 bytes each. */
export function createTileFolder(hasher: Hasher): (hashes: Uint8Array) => Uint8Array {
  const most = (TILES_AT_ONCE * TILE_WIDTH) / 2;
  const nodes = new Uint8Array(most * NODE_BYTES);
  const spans = new Int32Array(2 * most);
  for (let node = 0; node < most; node += 1) {
    nodes[node * NODE_BYTES] = NODE_PREFIX;
    spans[2 * node] = node * NODE_BYTES;
    spans[2 * node + 1] = (node + 1) * NODE_BYTES;
  }
  const level = new Uint8Array(most * HASH_BYTES);

  function foldSome(hashes: Uint8Array): Uint8Array {
    let above = hashes;
    for (let height = 0; height < TILE_HEIGHT; height += 1) {
      const count = above.length / (2 * HASH_BYTES);
      for (let node = 0; node < count; node += 1)
        nodes.set(above.subarray(2 * HASH_BYTES * node, 2 * HASH_BYTES * (node + 1)), node * NODE_BYTES + 1);
      hasher.digests('sha256', nodes, spans.subarray(0, 2 * count), level);
      above = level.subarray(0, HASH_BYTES * count);
    }
    return above;
  }

  return (hashes) => {
    const tileBytes = TILE_WIDTH * HASH_BYTES;
    if (hashes.length % tileBytes !== 0) throw new RangeError('only full tiles are folded');
    const roots = new Uint8Array(hashes.length / TILE_WIDTH);
    for (let at = 0; at < hashes.length; at += TILES_AT_ONCE * tileBytes)
      roots.set(foldSome(hashes.subarray(at, at + TILES_AT_ONCE * tileBytes)), at / TILE_WIDTH);
    return roots;
  };
}
