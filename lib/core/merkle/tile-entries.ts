import { HASH_BYTES } from './hash';
import type { SegmentTree } from './segment-tree';

const OFFSET_BYTES = 8;
/** A full tile on record: its root, and the byte it begins at in its segment, big-endian. */
export const TILE_ENTRY_BYTES = HASH_BYTES + OFFSET_BYTES;

export function formatTileEntries({ tiles, offsets }: Pick<SegmentTree, 'tiles' | 'offsets'>): Uint8Array {
  const entries = new Uint8Array((tiles.length / HASH_BYTES) * TILE_ENTRY_BYTES);
  const view = new DataView(entries.buffer);
  for (let tile = 0; tile < tiles.length / HASH_BYTES; tile += 1) {
    entries.set(tiles.subarray(tile * HASH_BYTES, (tile + 1) * HASH_BYTES), tile * TILE_ENTRY_BYTES);
    view.setBigUint64(tile * TILE_ENTRY_BYTES + HASH_BYTES, BigInt(offsets[tile] ?? 0));
  }
  return entries;
}

/** The byte at which a tile begins. */
export function tileOffset(entries: Uint8Array, tile: number): number {
  return Number(
    new DataView(entries.buffer, entries.byteOffset, entries.length).getBigUint64(tile * TILE_ENTRY_BYTES + HASH_BYTES),
  );
}
