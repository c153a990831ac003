import { HASH_BYTES, nodeHash } from './hash';
import type { Subtree } from './ranges';

/** Levels of the tree, and hashes at most, in one tile. c2sp.org/tlog-tiles. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

/** The `index`th tile of a level, its first `width` hashes. At level 0 these are hashes of leaves, above it of full tiles of the level below. */
export type Tile = { level: number; index: number; width: number };

/** Reads a tile: `width` hashes of 32 bytes one after another. */
export type TileSource = (tile: Tile) => Promise<Uint8Array>;

/** How many hashes the tile has in a tree of `size` leaves; 0 when it is not there. */
export function tileWidth({ level, index }: Omit<Tile, 'width'>, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The tile whose hashes give that of a full subtree, and which of them: `count` from `at` on. */
export function tileOf({ level, index }: Subtree): { tile: Tile; at: number; count: number } {
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const at = first % TILE_WIDTH;
  return {
    tile: { level: Math.floor(level / TILE_HEIGHT), index: Math.floor(first / TILE_WIDTH), width: at + count },
    at,
    count,
  };
}

/** Root of the tree over hashes written one after another, as many as a power of two. @throws RangeError when there are none, or part of one. */
export function foldHashes(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_BYTES) return hashes;
  if (hashes.length === 0 || hashes.length % (2 * HASH_BYTES) !== 0)
    throw new RangeError('a full subtree has as many hashes as a power of two');
  const middle = hashes.length / 2;
  return nodeHash(foldHashes(hashes.subarray(0, middle)), foldHashes(hashes.subarray(middle)));
}

/** `x001/x234/067` of 1234067. */
export function tileIndexPath(index: number): string {
  const digits = String(index).padStart(3 * Math.ceil(String(index).length / 3), '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The tile a path names behind `tile/`, `entries` standing for bundles of entries; null when it names none. */
export function parseTilePath(parts: readonly string[]): (Tile & { entries: boolean }) | null {
  const [, first = '', index = '', width] =
    /^(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(parts.join('/')) ?? [];
  const number = Number(index.replaceAll(/[x/]/g, ''));
  if (
    index === '' ||
    !Number.isSafeInteger(number) ||
    tileIndexPath(number) !== index ||
    Number(width ?? 1) >= TILE_WIDTH
  )
    return null;
  return {
    entries: first === 'entries',
    level: first === 'entries' ? 0 : Number(first),
    index: number,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
}
