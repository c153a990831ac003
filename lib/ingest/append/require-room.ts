import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { perContext } from '../../per-context';

const roomOf = perContext('room-of-appends', () => ({ atMs: -Infinity, bytes: Infinity }));
/** A byte of an append is written to the database's journal, to its table, and to evidence when the segment is closed. */
const WRITTEN_TIMES = 3;

/** @throws AppError STORAGE_FULL. Asked once a second: the disk of this host, where an embedded database lies that could not go on without room. */
export async function requireRoom(ctx: Context, bytes: number): Promise<void> {
  const room = roomOf(ctx);
  if (performance.now() - room.atMs > 1000)
    Object.assign(room, { atMs: performance.now(), bytes: await ctx.freeBytes(ctx.env.dataDir) });
  room.bytes -= WRITTEN_TIMES * bytes;
  if (room.bytes < ctx.env.reserveBytes)
    throw new AppError(
      'STORAGE_FULL',
      `only ${Math.max(0, Math.round(room.bytes / 1024 / 1024))} MiB are left on the disk; nothing of this append was kept`,
      { reserveBytes: ctx.env.reserveBytes },
    );
}
