import { NOTHING } from './print';
import type { LogFile } from './log-files';
import type { FileMark } from './state';

/** A file nothing was sent of, whose first byte stands at `base` in the chain. */
export function fileAtStart({ path, dev, ino }: LogFile, base: number): FileMark {
  return { path, dev, ino, base, sentBytes: 0, start: NOTHING, recent: NOTHING };
}
