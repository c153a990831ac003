import 'server-only';
import type { Context } from '../../context';
import { createTileFolder } from '../../core/merkle/fold-tiles';
import { HASH_BYTES } from '../../core/merkle/hash';
import { TILE_WIDTH, type TileSource } from '../../core/merkle/tiles';
import type { Db, Tx } from '../../db/database';

const TILES_AT_ONCE = 64;

/** The log's tree: hashes of entries, and above them the roots of full tiles as `storeTiles` left them. */
export function logSource(db: Db | Tx): TileSource {
  return ({ level, index, width }) => hashesOf(db, level, index * TILE_WIDTH, index * TILE_WIDTH + width);
}

/** Puts on record the roots of all full tiles in a tree of `size` entries. Run again, it finds them there. */
export async function storeTiles(ctx: Context, tx: Tx, size: number): Promise<void> {
  const fold = createTileFolder(ctx.hasher);
  for (let level = 0, hashes = size; hashes >= TILE_WIDTH; level += 1) {
    const full = Math.floor(hashes / TILE_WIDTH);
    const last = await tx
      .selectFrom('log_tiles')
      .select('index')
      .where('level', '=', level)
      .orderBy('index', 'desc')
      .limit(1)
      .executeTakeFirst();
    for (let from = last ? last.index + 1 : 0; from < full; from += TILES_AT_ONCE) {
      const to = Math.min(full, from + TILES_AT_ONCE);
      const roots = fold(await hashesOf(tx, level, from * TILE_WIDTH, to * TILE_WIDTH));
      const rows = Array.from({ length: to - from }, (_, at) => ({
        level,
        index: from + at,
        hash: Buffer.from(roots.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
      }));
      await tx.insertInto('log_tiles').values(rows).execute();
    }
    hashes = full;
  }
}

async function hashesOf(db: Db | Tx, level: number, from: number, to: number): Promise<Buffer> {
  const rows =
    level === 0
      ? await db
          .selectFrom('log_entries')
          .select('leaf_hash as hash')
          .where('index', '>=', from)
          .where('index', '<', to)
          .orderBy('index')
          .execute()
      : await db
          .selectFrom('log_tiles')
          .select('hash')
          .where('level', '=', level - 1)
          .where('index', '>=', from)
          .where('index', '<', to)
          .orderBy('index')
          .execute();
  if (rows.length !== to - from)
    throw new Error(`the log has ${rows.length} of the ${to - from} hashes of level ${level} from ${from} on`);
  return Buffer.concat(rows.map(({ hash }) => hash));
}
