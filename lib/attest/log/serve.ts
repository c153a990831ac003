import 'server-only';
import type { Context } from '../../context';
import { TILE_WIDTH, type Tile, tileWidth } from '../../core/merkle/tiles';
import { logSource } from './log-tiles';

/** The newest signed head of the log with the cosignatures there are for it; null before the first. */
export async function publishedCheckpoint(ctx: Context): Promise<{ size: number; note: string } | null> {
  const row = await ctx.db
    .selectFrom('log_checkpoints')
    .select(['size', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const cosignatures = await ctx.db
    .selectFrom('log_cosignatures')
    .select('line')
    .where('size', '=', row.size)
    .orderBy('verifier_key')
    .execute();
  return { size: row.size, note: row.note + cosignatures.map(({ line }) => line).join('') };
}

/** A tile, or the entries under it, as c2sp.org/tlog-tiles lays them out; null when the published head does not cover it. */
export async function publishedTile(
  ctx: Context,
  { entries, ...tile }: Tile & { entries: boolean },
): Promise<Buffer | null> {
  const checkpoint = await ctx.db
    .selectFrom('log_checkpoints')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (tile.width > tileWidth(tile, checkpoint?.size ?? 0)) return null;
  return entries ? entryBundle(ctx, tile) : Buffer.from(await logSource(ctx.db)(tile));
}

async function entryBundle(ctx: Context, { index, width }: Tile): Promise<Buffer> {
  const from = index * TILE_WIDTH;
  const rows = await ctx.db
    .selectFrom('log_entries')
    .select('entry')
    .where('index', '>=', from)
    .where('index', '<', from + width)
    .orderBy('index')
    .execute();
  return Buffer.concat(rows.flatMap(({ entry }) => [Buffer.of(entry.length >> 8, entry.length & 0xff), entry]));
}
