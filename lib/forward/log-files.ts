import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { rotatedOutOf } from '../core/chain/rotation';

export type LogFile = { path: string; dev: number; ino: number; sizeBytes: number; isPacked: boolean };

/** Looks until two in a row show the same files. */
const MOST_LOOKS = 20;

/** A log's files that are there, oldest first: what was rotated out of it, then the log itself. @throws while they keep being renamed. */
export async function logFiles(log: string): Promise<LogFile[]> {
  let before = await lookAt(log);
  for (let looks = 1; looks < MOST_LOOKS; looks += 1) {
    const files = await lookAt(log);
    if (areSameFiles(files, before)) return files;
    before = files;
  }
  throw new Error(`${log} is being rotated`);
}

/** Whether they are listed under the same names, in the same order. */
export function areSameFiles(files: readonly LogFile[], others: readonly LogFile[]): boolean {
  return (
    files.length === others.length &&
    files.every((file, index) => file.path === others[index]?.path && isSameFile(file, others[index]))
  );
}

async function lookAt(log: string): Promise<LogFile[]> {
  const folder = path.dirname(log);
  const base = path.basename(log);
  const names = await readdir(folder).catch(absent<string[]>([]));
  const inOrder = [...rotatedOutOf(base, names), ...(names.includes(base) ? [{ name: base, isPacked: false }] : [])];
  const files: LogFile[] = [];
  for (const { name, isPacked } of inOrder) {
    const file = path.join(folder, name);
    const found = await statOf(file);
    if (found?.isFile()) files.push({ path: file, dev: found.dev, ino: found.ino, sizeBytes: found.size, isPacked });
  }
  return files;
}

/** Other files of a log's folder that are this one by device and inode: what it is called once it was renamed in a way that no list of names knows. */
export async function renamedIn(
  log: string,
  id: { dev: number; ino: number },
  known: readonly LogFile[],
): Promise<LogFile[]> {
  const folder = path.dirname(log);
  const found: LogFile[] = [];
  for (const name of await readdir(folder).catch(absent<string[]>([]))) {
    const file = path.join(folder, name);
    if (known.some((one) => one.path === file)) continue;
    const stats = await statOf(file);
    if (stats?.isFile() && isSameFile(stats, id))
      found.push({ path: file, dev: stats.dev, ino: stats.ino, sizeBytes: stats.size, isPacked: false });
  }
  return found;
}

/** Null when there is no such file. */
export function statOf(file: string): Promise<Stats | null> {
  return stat(file).catch(absent(null));
}

/** What is not there is no failure; everything else is. */
export function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}

export function isSameFile(a: { dev: number; ino: number }, b: { dev: number; ino: number }): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
