import 'server-only';
import { firstLines } from '../../core/bytes/first-lines';
import type { Hasher } from '../../core/chain/format';
import { AppError } from '../../core/errors';
import { formatById, recogniseFormat } from '../../core/formats';
import type { Opened } from './open-source';

/**
 * Cuts a set of rotated files where one begins a chain of its own, as formats do that know nothing of rotation: these parts are logs by
 * themselves. A part of one file has that file's name; the last part keeps the name of the log. What cannot be read is left to the check.
 */
export async function splitAtBeginnings<T extends { file: string }>(set: { log: string; files: T[] }, open: (file: T) => Promise<Opened>, hasher: Hasher): Promise<{ log: string; files: T[] }[]> {
  const [oldest] = set.files;
  if (!oldest || set.files.length === 1 || (await beginningOf(oldest, open, hasher)) === 'rotates') return [set];
  const parts: T[][] = [];
  for (const file of set.files) {
    const current = parts.at(-1);
    if (current && (await beginningOf(file, open, hasher)) !== 'anew') current.push(file);
    else parts.push([file]);
  }
  return parts.map((files) => ({ log: files.length === 1 ? (files[0]?.file ?? set.log) : set.log, files }));
}

/** `anew`: its first record begins a chain. `rotates`: it is of a format that begins one in every file of a set. */
async function beginningOf<T>(file: T, open: (file: T) => Promise<Opened>, hasher: Hasher): Promise<'anew' | 'rotates' | 'else'> {
  try {
    const { source, close } = await open(file);
    try {
      const { bytes, complete } = await source.head();
      const lines = firstLines(bytes, complete);
      const id = recogniseFormat(lines);
      const [first] = lines;
      if (!id || !first) return 'else';
      const format = formatById(id);
      if (format.rotates) return 'rotates';
      const read = format.check(first, hasher);
      return read.kind === 'record' && read.prev === format.genesis ? 'anew' : 'else';
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof AppError) return 'else';
    throw error;
  }
}
