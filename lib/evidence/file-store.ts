import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../core/errors';
import { checkedStore } from './checked-store';
import type { EvidenceObserver } from './damage-reports';
import { sha256Of } from './in-blocks';
import { type FreeBytes, type Room, createRoom } from './room';
import type { EvidenceStore, ObjectStore, ObjectWriter, StoredObject } from './store';

/** A temp file this old belongs to nobody: uploads keep writing to theirs. */
const ABANDONED_MS = 24 * 3600 * 1000;
const CHUNK_BYTES = 1024 * 1024;

type Options = {
  /** Of the disk, left alone, so that a database on it can still commit. */
  reserveBytes?: number;
  freeBytes?: FreeBytes | undefined;
  observer?: EvidenceObserver;
};

export async function openFileStore(directory: string, { observer, ...options }: Options = {}): Promise<EvidenceStore> {
  return checkedStore(await openFiles(directory, options), observer);
}

/**
 * Objects as read-only files `objects/ab/abcd…` under one directory, on one file system.
 * An object appears by rename after fsync, and its directory is synced before `commit` resolves.
 */
export async function openFiles(
  directory: string,
  { reserveBytes = 0, freeBytes }: Omit<Options, 'observer'> = {},
): Promise<ObjectStore> {
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
      throw unavailable('read', error);
    }
  };
  const read: ObjectStore['read'] = async (digest, { from, to }) => {
    try {
      const handle = await open(fileOf(digest), 'r');
      if (to > from) return chunksOf(handle, from, to);
      await handle.close();
      return Readable.from([]);
    } catch (error) {
      if (isErrno(error, 'ENOENT'))
        throw new AppError('EVIDENCE_MISSING', `evidence object ${digest} is not in the store`, { digest });
      throw unavailable('read', error);
    }
  };
  /** What has the name of an object of this size now. */
  const present = async (digest: string, sizeBytes: number): Promise<'nothing' | 'the same' | 'other bytes'> => {
    const size = await sizeOf(digest);
    if (size === null) return 'nothing';
    return size === sizeBytes && (await sha256Of(await read(digest, { from: 0, to: size }))) === digest
      ? 'the same'
      : 'other bytes';
  };

  return {
    async create() {
      try {
        const room = createRoom(temp, { reserveBytes, freeBytes }, 'more evidence');
        await room.take(0);
        const file = path.join(temp, `${Date.now()}-${randomUUID()}`);
        return fileWriter(file, await open(file, 'wx', 0o400), room, fileOf, present);
      } catch (error) {
        throw unwritten(error);
      }
    },
    stat: sizeOf,
    read,
    remove: (digest) => remove(fileOf(digest)),
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
  present: (digest: string, sizeBytes: number) => Promise<'nothing' | 'the same' | 'other bytes'>,
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
        throw unwritten(error);
      }
      hash.update(chunk);
      sizeBytes += chunk.length;
    },
    async commit(): Promise<StoredObject> {
      const digest = hash.digest('hex');
      const target = fileOf(digest);
      const before = await present(digest, sizeBytes);
      if (before === 'the same') {
        await drop();
        await syncDirectory(path.dirname(target)); // its first writer may not have come that far
        return { digest, sizeBytes };
      }
      try {
        await handle.sync();
        await handle.close();
        const directory = path.dirname(target);
        if (await mkdir(directory, { recursive: true, mode: 0o700 })) await syncDirectory(path.dirname(directory));
        await rename(file, target);
        await syncDirectory(directory);
      } catch (error) {
        throw unwritten(error);
      }
      return { digest, sizeBytes, ...(before === 'other bytes' && { replaced: 'altered' }) };
    },
    discard: drop,
  };
}

async function remove(file: string): Promise<void> {
  try {
    await unlink(file);
    await syncDirectory(path.dirname(file));
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw unavailable('written', error);
  }
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

/** A file's part, one chunk read ahead, each in memory of its own: it can be given to the thread that hashes or checks it. Failures are ours to name. */
async function* chunksOf(handle: FileHandle, from: number, to: number): AsyncGenerator<Buffer, void, undefined> {
  const readAt = async (at: number): Promise<Buffer> => {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, to - at));
    return chunk.subarray(0, (await handle.read(chunk, 0, chunk.length, at)).bytesRead);
  };
  let next: Promise<Buffer> | null = null;
  try {
    next = readAt(from);
    for (let at = from; next; ) {
      const chunk: Buffer = await next;
      at += chunk.length;
      next = chunk.length > 0 && at < to ? readAt(at) : null;
      next?.catch(() => undefined); // told when its turn comes
      if (chunk.length > 0) yield chunk;
    }
  } catch (error) {
    throw unavailable('read', error);
  } finally {
    await next?.catch(() => undefined);
    await handle.close();
  }
}

/** The directory is on a disk that is gone, read-only or unreadable: nothing of its path is told to callers. */
function unavailable(what: 'read' | 'written', cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  return new AppError(
    'EVIDENCE_UNAVAILABLE',
    `the evidence store cannot be ${what} now; nothing was lost, try again when its disk is well`,
    {},
    { cause },
  );
}

function unwritten(error: unknown): unknown {
  return isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? full(error) : unavailable('written', error);
}

function full(cause?: unknown): AppError {
  return new AppError(
    'STORAGE_FULL',
    'the evidence store has no room left; nothing of this upload was kept',
    {},
    { cause },
  );
}

function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
