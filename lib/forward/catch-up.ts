import { type FileHandle, open } from 'node:fs/promises';
import type { Hasher } from '../core/chain/format';
import { fileAtStart } from './file-at-start';
import { fileAfter } from './file-after';
import { isSameFile } from './log-files';
import { wholeLinesEnd } from './open-file';
import { printsUpTo } from './print';
import { printsOfEnd } from './reconcile';
import type { FileMark, LogState } from './state';

export type Place = { mark: FileMark /** Files that lie before it, all in the chain. */; passed: LogState['done'] };

/**
 * Where in a log's files, from one of them on, a chain ends that holds more than was acknowledged: an answer got lost, or the chain held the
 * log before. `opened` is the first of them. Null when it does not end there as the chain does.
 */
export async function placeOfEnd(
  state: LogState,
  opened: FileHandle,
  from: FileMark,
  { offset, head }: { offset: number; head: string | null },
  hasher: Hasher,
): Promise<Place | null> {
  const passed: LogState['done'] = [];
  let mark = from;
  for (;;) {
    // The first may have another name by now.
    const handle = mark === from ? opened : await open(mark.path, 'r');
    try {
      const { size, dev, ino } = await handle.stat();
      if (!isSameFile(mark, { dev, ino })) throw new Error(`${mark.path} is being rotated`);
      const at = offset - mark.base;
      if (at <= size) {
        const prints = await printsOfEnd(handle, at, { head, format: state.format, hasher });
        return prints && { mark: { ...mark, sentBytes: at, ...prints }, passed };
      }
      const next = await nextOf(handle, mark, size);
      if (!next) return null;
      mark = next;
    } finally {
      if (handle !== opened) await handle.close();
    }
  }

  async function nextOf(handle: FileHandle, mark: FileMark, size: number): Promise<FileMark | null> {
    const { next } = await fileAfter(state, mark, passed);
    if (!next || (await wholeLinesEnd(handle, size)) !== size) return null;
    passed.push({ dev: mark.dev, ino: mark.ino, start: (await printsUpTo(handle, size)).start });
    return fileAtStart(next, mark.base + size);
  }
}
