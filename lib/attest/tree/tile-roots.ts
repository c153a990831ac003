import 'server-only';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { createTileFolder } from '../../core/merkle/fold-tiles';
import { HASH_BYTES } from '../../core/merkle/hash';
import { TILE_ENTRY_BYTES } from '../../core/merkle/tile-entries';
import { TILE_WIDTH } from '../../core/merkle/tiles';
import { type Segment, phaseOf, segmentTrees } from './segment-trees';
import { perContext } from '../../per-context';

/** Trees of segments held at once. */
const PAGE = 256;
/** Chains whose tiles are remembered, those asked for last. */
const REMEMBERED = 32;

/** How far the walk over a chain's segments has come. */
type Walk = {
  /** Segments walked, and what tells them from any others. */
  through: number;
  key: string;
  /** Roots of the full tiles up to there. */
  roots: Buffer;
  /** Leaves of the tile that is not full yet. */
  open: Buffer;
};

const walksOf = perContext('tile-walks', () => new Map<string, Walk>());

/** The roots of all full tiles over a chain's records. What a chain had when it was asked for last is not read again. */
export async function tileRoots(
  ctx: Context,
  chainId: string,
  format: FormatId,
  segments: readonly Segment[],
): Promise<Uint8Array> {
  const remembered = walksOf(ctx);
  const known = remembered.get(chainId);
  const holds =
    known && known.through <= segments.length && keyOf(ctx, format, segments.slice(0, known.through)) === known.key;
  const walk = await walkOn(
    ctx,
    format,
    segments,
    holds ? known : { through: 0, key: '', roots: Buffer.alloc(0), open: Buffer.alloc(0) },
  );
  remembered.delete(chainId);
  remembered.set(chainId, walk);
  for (const oldest of remembered.keys()) if (remembered.size > REMEMBERED) remembered.delete(oldest);
  return walk.roots;
}

async function walkOn(ctx: Context, format: FormatId, segments: readonly Segment[], from: Walk): Promise<Walk> {
  const fold = createTileFolder(ctx.hasher);
  const roots: Buffer[] = [from.roots];
  let open = from.open;
  const add = (leaves: Buffer) => {
    open = Buffer.concat([open, leaves]);
    if (open.length < TILE_WIDTH * HASH_BYTES) return;
    roots.push(Buffer.from(fold(open)));
    open = Buffer.alloc(0);
  };
  for (let at = from.through; at < segments.length; at += PAGE) {
    for (const { head, tiles, tail } of await segmentTrees(ctx, format, segments.slice(at, at + PAGE))) {
      add(head);
      for (let entry = 0; entry < tiles.length; entry += TILE_ENTRY_BYTES)
        roots.push(tiles.subarray(entry, entry + HASH_BYTES));
      add(tail);
    }
  }
  return { through: segments.length, key: keyOf(ctx, format, segments), roots: Buffer.concat(roots), open };
}

function keyOf(ctx: Context, format: FormatId, segments: readonly Segment[]): string {
  return ctx.hasher.sha256(
    Buffer.from([format, ...segments.map((segment) => `${segment.digest} ${phaseOf(segment)}`)].join('\n')),
  );
}
