import 'server-only';
import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../core/errors';

/** Bytes `[from, to)` of a file. */
export type ByteRange = { path: string; from: number; to: number };

const CHUNK_BYTES = 1024 * 1024;

/**
 * Gives the bytes of a range in chunks; a chunk is valid only during its call. Reads synchronously: made for a thread of its own, or little.
 * @throws AppError UNREADABLE_BODY when the file cannot be read, or ends before the range does.
 */
export function readRange({ path, from, to }: ByteRange, onChunk: (chunk: Uint8Array) => void): void {
  const file = attempt(() => openSync(path, 'r'));
  try {
    const buffer = new Uint8Array(Math.max(1, Math.min(CHUNK_BYTES, to - from))); // no Buffer: a slice of one is no copy
    for (let at = from; at < to; ) {
      const read = attempt(() => readSync(file, buffer, 0, Math.min(buffer.length, to - at), at));
      if (read === 0)
        throw new AppError('UNREADABLE_BODY', `became shorter while it was read: it ended at byte ${at}, not ${to}`, {
          byteOffset: at,
        });
      onChunk(buffer.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(error);
  }
}

/** What the operating system says of a file, to stand behind its name. */
export function unreadable(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const said: Record<string, string> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    ELOOP: 'its symbolic links lead in a circle',
    EISDIR: 'it is a folder',
  };
  return new AppError(
    'UNREADABLE_BODY',
    `cannot be read: ${said[code] ?? (cause instanceof Error ? cause.message : String(cause))}`,
    {},
    { cause },
  );
}
