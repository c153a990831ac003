import { type FileHandle, open } from 'node:fs/promises';
import { endOfLine, endOfLines } from '../core/bytes/newline';
import { absent, isSameFile, type LogFile } from './log-files';
import { bytesAt, isSameUpTo, type Print, printsUpTo, START_BYTES, startsAs } from './print';
import type { FileMark, LogState } from './state';

export type OpenFile = { handle: FileHandle; file: LogFile };

/**
 * The file whose acknowledged bytes are those of the mark: where it lay, renamed, or a copy of it. While nothing of it is acknowledged, the
 * oldest that was not sent. Null when there is none.
 */
export async function openMarked(
  files: readonly LogFile[],
  mark: FileMark,
  done: LogState['done'],
): Promise<OpenFile | null> {
  const likely = files.filter((file) => isSameFile(file, mark));
  const inTurn =
    mark.sentBytes === 0
      ? await firstInTurn(files, done)
      : [...likely, ...files.filter((other) => !likely.includes(other))];
  for (const file of inTurn) {
    if (file.isPacked) continue;
    const handle = await open(file.path, 'r').catch(absent(null));
    if (!handle) continue;
    const { dev, ino, size } = await handle.stat();
    if (size >= mark.sentBytes && (await isSameUpTo(handle, mark.sentBytes, mark)))
      return { handle, file: { ...file, dev, ino } };
    await handle.close();
  }
  return null;
}

/** A file by the name it was listed under; null when there is none of it. @throws when that is another file's by now. */
export async function openAsListed(file: LogFile): Promise<FileHandle | null> {
  const handle = await open(file.path, 'r').catch(absent(null));
  if (!handle || isSameFile(file, await handle.stat())) return handle;
  await handle.close();
  throw new Error(`${file.path} is being rotated`);
}

/** The oldest file that was not sent, alone or not at all. @throws while a later one begins with the same bytes: a copy is being made of it, to empty it then. */
export async function firstInTurn(files: readonly LogFile[], done: LogState['done']): Promise<LogFile[]> {
  const [first, ...later] = await notDone(files, done);
  if (!first) return [];
  const handle = await open(first.path, 'r').catch(absent(null));
  if (!handle) return [];
  try {
    const { start } = await printsUpTo(handle, START_BYTES);
    for (const other of later)
      if (start.sizeBytes > 0 && (await beginsWith(other, start)))
        throw new Error(
          `${first.path} begins as ${other.path} does: a copy of it that is being made, or was left there`,
        );
  } finally {
    await handle.close();
  }
  return [first];
}

export async function beginsWith(file: LogFile, start: Print): Promise<boolean> {
  const handle = await open(file.path, 'r').catch(absent(null));
  if (!handle) return false;
  return startsAs(handle, start).finally(() => handle.close());
}

/** The files that were not sent to their end before, in the same order; packed ones left out. */
export async function notDone(files: readonly LogFile[], done: LogState['done']): Promise<LogFile[]> {
  const left: LogFile[] = [];
  for (const file of files) if (!file.isPacked && !(await isDone(file, done))) left.push(file);
  return left;
}

async function isDone(file: LogFile, done: LogState['done']): Promise<boolean> {
  const same = done.filter((one) => isSameFile(one, file));
  if (same.length === 0) return false;
  const handle = await open(file.path, 'r').catch(absent(null));
  if (!handle) return true;
  try {
    for (const { start } of same) if (await startsAs(handle, start)) return true;
    return false;
  } finally {
    await handle.close();
  }
}

/** The first place at or after `from` that a line begins at; the end of the file when none does. */
export async function lineStartFrom(handle: FileHandle, from: number, sizeBytes: number): Promise<number> {
  if (from === 0) return 0;
  for (let at = from - 1; at < sizeBytes; ) {
    const bytes = await bytesAt(handle, at, Math.min(sizeBytes, at + 64 * 1024));
    if (bytes.length === 0) break;
    const end = endOfLine(bytes);
    if (end !== 0) return at + end;
    at += bytes.length;
  }
  return sizeBytes;
}

/** Where the last whole line ends. */
export async function wholeLinesEnd(handle: FileHandle, sizeBytes: number): Promise<number> {
  for (let to = sizeBytes; to > 0; ) {
    const from = Math.max(0, to - 64 * 1024);
    const end = endOfLines(await bytesAt(handle, from, to));
    if (end !== 0) return from + end;
    to = from;
  }
  return 0;
}
