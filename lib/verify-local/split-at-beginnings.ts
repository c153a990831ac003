import 'server-only';
import type { Hasher } from '../core/chain/format';
import { AppError } from '../core/errors';
import { formatById, recogniseFormat } from '../core/formats';
import { firstLines } from './first-lines';
import type { Opened } from './open-source';

/**
 * Cuts a set of rotated files where one begins a chain of its own, as formats do that know nothing of rotation: these parts are logs by
 * themselves. A part of one file has that file's name; the last part keeps the name of the log. What cannot be read is left to the check.
 */
export async function splitAtBeginnings<T extends { file: string }>(set: { log: string; files: T[] }, open: (file: T) => Promise<Opened>, hasher: Hasher): Promise<{ log: string; files: T[] }[]> {
  if (set.files.length === 1) return [set];
  const parts: T[][] = [];
  for (const file of set.files) {
    const current = parts.at(-1);
    if (current && !(await beginsAnew(file, open, hasher))) current.push(file);
    else parts.push([file]);
  }
  return parts.map((files) => ({ log: files.length === 1 ? (files[0]?.file ?? set.log) : set.log, files }));
}

async function beginsAnew<T>(file: T, open: (file: T) => Promise<Opened>, hasher: Hasher): Promise<boolean> {
  try {
    const { source, close } = await open(file);
    try {
      const { bytes, complete } = await source.head();
      const lines = firstLines(bytes, complete);
      const id = recogniseFormat(lines);
      const [first] = lines;
      if (!id || !first) return false;
      const format = formatById(id);
      const read = format.check(first, hasher);
      return !format.rotates && read.kind === 'record' && read.prev === format.genesis;
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
