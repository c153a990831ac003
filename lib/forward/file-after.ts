import { isSameFile, type LogFile, logFiles } from './log-files';
import { notDone } from './open-file';
import type { FileMark, LogState } from './state';

/** The file of a log that was written after this one and holds something, and packed ones in between. */
export async function fileAfter(
  { log, done }: LogState,
  mark: FileMark,
  passed: LogState['done'],
): Promise<{ next: LogFile | null; skipped: string[] }> {
  const files = await logFiles(log);
  const at = files.findIndex((file) => isSameFile(file, mark));
  if (at === -1)
    return {
      next: (await notDone(files, [...done, ...passed, mark])).find(({ sizeBytes }) => sizeBytes > 0) ?? null,
      skipped: [],
    };
  const later = files.slice(at + 1);
  const next = later.find(({ isPacked, sizeBytes }) => !isPacked && sizeBytes > 0) ?? null;
  return {
    next,
    skipped: later.slice(0, next ? later.indexOf(next) : 0).flatMap(({ isPacked, path }) => (isPacked ? [path] : [])),
  };
}
