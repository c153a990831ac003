import { RATIO_FROM_BYTES } from '../core/bytes/limits';
import { AppError } from '../core/errors';
import type { ArchiveLimits } from './archive';

const MAX_PATH_CHARACTERS = 4096;
const SHOWN_CHARACTERS = 120;

/** Takes the entries of an archive one by one and refuses the first that must not be read. `packedBytes`: size of the archive. */
export type EntryList = {
  /** The path by which the entry is known. @throws AppError TOO_LARGE, UNREADABLE_BODY. */
  add(name: string, sizeBytes: number): string;
  /** Counts bytes unpacked so far, headers too. @throws AppError TOO_LARGE. */
  unpacked(bytes: number): void;
};

export function createEntryList(packedBytes: number, { entries, plainBytes, ratio }: ArchiveLimits): EntryList {
  const paths = new Set<string>();
  let totalBytes = 0;

  const checkSize = (bytes: number) => {
    if (bytes > plainBytes)
      throw new AppError(
        'TOO_LARGE',
        `is refused: unpacked it has more than ${plainBytes.toLocaleString('en')} bytes`,
        { limitBytes: plainBytes },
      );
    if (bytes > RATIO_FROM_BYTES && bytes > packedBytes * ratio)
      throw new AppError('TOO_LARGE', `is refused: it unpacks to more than ${ratio} times its size, as a bomb does`, {
        limitRatio: ratio,
      });
  };
  return {
    add(name, sizeBytes) {
      const path = entryPath(name);
      if (paths.has(path)) throw refused(name, 'is in it twice');
      if (paths.size === entries)
        throw new AppError('TOO_LARGE', `is refused: it holds more than ${entries.toLocaleString('en')} files`, {
          limitEntries: entries,
        });
      paths.add(path);
      totalBytes += sizeBytes;
      checkSize(totalBytes);
      return path;
    },
    unpacked: checkSize,
  };
}

/** `./a//b` is `a/b`. @throws AppError UNREADABLE_BODY for a name that leads out of the archive, or nowhere. */
function entryPath(name: string): string {
  const parts = name.split(/[/\\]/);
  if (/^[/\\]|^[A-Za-z]:/.test(name)) throw refused(name, 'has an absolute name');
  if (parts.includes('..')) throw refused(name, 'leads out of the archive');
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  if (path === '' || name.includes('\0') || name.length > MAX_PATH_CHARACTERS)
    throw refused(name, 'has no usable name');
  return path;
}

/** That an entry of the archive is the reason to read nothing of it. */
export function refused(name: string, why: string): AppError {
  return new AppError(
    'UNREADABLE_BODY',
    `is refused: its entry ${JSON.stringify(name.slice(0, SHOWN_CHARACTERS))} ${why}`,
  );
}
