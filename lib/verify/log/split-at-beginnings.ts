import type { FormatId } from '../../core/chain/format';
import { formatById } from '../../core/formats';

/** How a file of a set begins: its format, and what its first record names as its predecessor; null when that is not known. */
export type Beginning = { format: FormatId; prev: string | null } | null;

/**
 * Cuts a set of rotated files, oldest first, where one begins a chain of its own, as formats do that know nothing of rotation, and where one
 * is of another format: these parts are logs by themselves.
 */
export function splitAtBeginnings<T>(files: readonly { file: T; begins: Beginning }[]): T[][] {
  const parts: { format: FormatId | null; files: T[] }[] = [];
  for (const { file, begins } of files) {
    const part = parts.at(-1);
    if (part && goesOn(part.format, begins)) {
      part.files.push(file);
      part.format ??= begins?.format ?? null;
    } else parts.push({ format: begins?.format ?? null, files: [file] });
  }
  return parts.map((part) => part.files);
}

function goesOn(before: FormatId | null, begins: Beginning): boolean {
  if (!begins) return true;
  if (before !== null && before !== begins.format) return false;
  const { rotates, genesis } = formatById(begins.format);
  return rotates === true || begins.prev !== genesis;
}
