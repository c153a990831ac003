import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context';
import { MAX_ARCHIVE_BYTES } from '../core/bytes/limits';
import { AppError } from '../core/errors';
import { createRoom } from '../evidence/room';
import type { StoredObject } from '../evidence/store';

/** A file this old has no owner any more: the next receiver removes it. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Bytes that must be read out of order, on this machine's disk until they are known to be good. */
export type Received = {
  file: string;
  sha256: string;
  sizeBytes: number;
  read(): AsyncIterable<Buffer>;
  /** Makes the bytes evidence. */
  keep(): Promise<StoredObject>;
  /** Removes the file. Never throws. */
  drop(): Promise<void>;
};

/** @throws AppError TOO_LARGE, STORAGE_FULL, and what the sender's stream throws; then nothing is left behind. */
export async function receiveArchive(ctx: Context, body: AsyncIterable<Uint8Array>): Promise<Received> {
  const folder = path.join(ctx.env.dataDir, 'incoming');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await sweep(folder);
  const file = path.join(folder, `${Date.now()}-${randomUUID()}`);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const drop = () => unlink(file).catch(() => undefined); // already gone is as good
  const room = createRoom(folder, { reserveBytes: ctx.env.reserveBytes, freeBytes: ctx.freeBytes }, 'the archive');
  await room.take(0);
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of body) {
      await room.take(chunk.length);
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_ARCHIVE_BYTES)
        throw new AppError('TOO_LARGE', `an archive is at most ${MAX_ARCHIVE_BYTES} bytes`, {
          limitBytes: MAX_ARCHIVE_BYTES,
        });
      hash.update(chunk);
      for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
    }
  } catch (error) {
    await drop();
    const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw isFull
      ? new AppError(
          'STORAGE_FULL',
          'there is no room left to take the archive in; nothing of it was kept',
          {},
          { cause: error },
        )
      : error;
  } finally {
    await handle.close();
  }
  const read = (): AsyncIterable<Buffer> => createReadStream(file, { highWaterMark: 1024 * 1024 });
  return {
    file,
    sha256: hash.digest('hex'),
    sizeBytes,
    read,
    async keep() {
      const writer = await ctx.evidence.create();
      try {
        for await (const chunk of read()) await writer.write(chunk);
        return await writer.commit();
      } catch (error) {
        await writer.discard();
        throw error;
      }
    },
    drop,
  };
}

/** Removes what a process that was killed left behind. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (Date.now() - Number(name.split('-')[0]) > ABANDONED_MS)
      await unlink(path.join(folder, name)).catch(() => undefined); // another process swept it
  }
}
