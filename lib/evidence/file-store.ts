import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../core/errors';
import { type FreeBytes, type Room, createRoom } from './room';
import type { EvidenceStore, ObjectWriter, StoredObject } from './store';

/** A temp file this old belongs to nobody: uploads keep writing to theirs. */
const ABANDONED_MS = 24 * 3600 * 1000;

/**
 * Objects as read-only files `objects/ab/abcd…` under one directory, on one file system.
 * `reserveBytes` of the disk are left alone, so that a database on it can still commit.
 * An object appears by rename after fsync, and its directory is synced before `commit` resolves.
 */
export async function openFileStore(directory: string, { reserveBytes = 0, freeBytes }: { reserveBytes?: number; freeBytes?: FreeBytes | undefined } = {}): Promise<EvidenceStore> {
  const objects = path.join(directory, 'objects');
  const temp = path.join(directory, 'tmp');
  await mkdir(objects, { recursive: true, mode: 0o700 });
  await mkdir(temp, { recursive: true, mode: 0o700 });
  await sweep(temp);

  const fileOf = (digest: string) => {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new AppError('BAD_REQUEST', 'a digest is 64 lower-case hex digits');
    return path.join(objects, digest.slice(0, 2), digest);
  };
  const sizeOf = async (digest: string) => {
    try {
      return (await stat(fileOf(digest))).size;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return null;
      throw error;
    }
  };

  return {
    async create() {
      const room = createRoom(temp, { reserveBytes, freeBytes }, 'more evidence');
      await room.take(0);
      const file = path.join(temp, `${Date.now()}-${randomUUID()}`);
      return fileWriter(file, await open(file, 'wx', 0o400), room, fileOf, sizeOf);
    },
    stat: sizeOf,
    async read(digest, range) {
      try {
        const handle = await open(fileOf(digest), 'r');
        if (range && range.to <= range.from) {
          await handle.close();
          return Readable.from([]);
        }
        return handle.createReadStream({ highWaterMark: 1024 * 1024, ...(range && { start: range.from, end: range.to - 1 }) });
      } catch (error) {
        if (isErrno(error, 'ENOENT')) throw new AppError('EVIDENCE_MISSING', `evidence object ${digest} is not in the store`, { digest });
        throw error;
      }
    },
    async probe() {
      const file = path.join(temp, `${Date.now()}-probe-${randomUUID()}`);
      try {
        const handle = await open(file, 'wx', 0o600);
        try {
          await handle.write('probe');
          await handle.sync();
        } finally {
          await handle.close();
          await unlink(file);
        }
        return true;
      } catch {
        return false; // the answer is the point: not writable now
      }
    },
  };
}

function fileWriter(
  file: string,
  handle: FileHandle,
  room: Room,
  fileOf: (digest: string) => string,
  sizeOf: (digest: string) => Promise<number | null>,
): ObjectWriter {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const drop = async () => {
    await handle.close().catch(() => undefined); // already closed is as good
    await unlink(file).catch(() => undefined); // already gone is as good
  };
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async write(chunk) {
      await room.take(chunk.length);
      try {
        for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
      } catch (error) {
        throw isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? full(error) : error;
      }
      hash.update(chunk);
      sizeBytes += chunk.length;
    },
    async commit(): Promise<StoredObject> {
      const digest = hash.digest('hex');
      if ((await sizeOf(digest)) === sizeBytes) {
        await drop();
        await syncDirectory(path.dirname(fileOf(digest))); // whoever wrote it first may not have come that far
        return { digest, sizeBytes };
      }
      const target = fileOf(digest);
      try {
        await handle.sync();
        await handle.close();
        const directory = path.dirname(target);
        if (await mkdir(directory, { recursive: true, mode: 0o700 })) await syncDirectory(path.dirname(directory));
        await rename(file, target);
        await syncDirectory(directory);
      } catch (error) {
        throw isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? full(error) : error;
      }
      return { digest, sizeBytes };
    },
    discard: drop,
  };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what uploads cut off long ago left behind. */
async function sweep(temp: string): Promise<void> {
  for (const name of await readdir(temp)) {
    const startedMs = Number(name.split('-')[0]);
    if (Date.now() - startedMs > ABANDONED_MS) await unlink(path.join(temp, name)).catch(() => undefined); // another process swept it
  }
}

function full(cause?: unknown): AppError {
  return new AppError('STORAGE_FULL', 'the evidence store has no room left; nothing of this upload was kept', {}, { cause });
}

function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
