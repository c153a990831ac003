import path from 'node:path';
import { isSameFile, statOf } from './log-files';
import { beginsWith } from './open-file';
import type { LogState } from './state';

/** Whether a file of another name is the one of a log that is followed, or one that was sent before, and was renamed. */
export async function isRenamedOf({ log, file: mark, done }: LogState, file: string): Promise<boolean> {
  const stats = await statOf(file);
  if (!stats || path.dirname(file) !== path.dirname(log)) return false;
  const now = await statOf(log);
  if (now && isSameFile(now, stats)) return false;
  const marks = [...(mark ? [mark] : []), ...done].filter((one) => isSameFile(one, stats));
  for (const { start } of marks)
    if (
      start.sizeBytes === 0 ||
      (await beginsWith({ path: file, dev: stats.dev, ino: stats.ino, sizeBytes: stats.size, isPacked: false }, start))
    )
      return true;
  return false;
}
