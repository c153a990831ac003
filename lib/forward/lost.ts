import { open } from 'node:fs/promises';
import path from 'node:path';
import type { AlarmKind } from '../core/chain/tail-alarm';
import { absent, isSameFile, type LogFile } from './log-files';
import { fileAtStart } from './file-at-start';
import { lineStartFrom, notDone } from './open-file';
import { printsUpTo, startsAs } from './print';
import type { FileMark, LogState } from './state';

export type Found = { mark: FileMark; alarm: { kind: AlarmKind; detail: string } | null };

/** Where a log goes on whose acknowledged bytes are nowhere any more, and what that has to be called. Null when nothing is there at all. */
export async function afterLoss(
  { log, offset, done }: LogState,
  files: readonly LogFile[],
  mark: FileMark,
): Promise<Found | null> {
  const plain = files.filter(({ isPacked }) => !isPacked);
  const now = plain.find(({ path: at }) => at === log);
  const [next = now] = await notDone(plain, done);
  if (!next) return null;
  if (mark.sentBytes === 0) return { mark: fileAtStart(next, offset), alarm: null };
  if (now && (isSameFile(now, mark) || files.length === 1)) return inPlace(now, mark, offset);
  const detail = `${mark.path}, sent up to byte ${mark.sentBytes}, is gone: what it held behind that, if anything, was not sent`;
  return { mark: fileAtStart(next, offset), alarm: { kind: 'dropped', detail } };
}

/** Of a shorter log what is written from now on is sent; of one with other bytes what lies behind the place that was reached. */
async function inPlace(now: LogFile, mark: FileMark, offset: number): Promise<Found | null> {
  const handle = await open(now.path, 'r').catch(absent(null));
  if (!handle) return null;
  try {
    const { size, dev, ino } = await handle.stat();
    if (!isSameFile(now, { dev, ino })) throw new Error(`${now.path} is being rotated`);
    const isPrefixKept =
      mark.start.sizeBytes > 0 && size >= mark.start.sizeBytes && (await startsAs(handle, mark.start));
    const isShorter = size < mark.sentBytes;
    const at = !isPrefixKept ? 0 : isShorter ? size : await lineStartFrom(handle, mark.sentBytes, size);
    return {
      mark: { ...fileAtStart(now, offset - at), sentBytes: at, ...(await printsUpTo(handle, at)) },
      alarm: isShorter
        ? {
            kind: 'truncated',
            detail: `${path.basename(now.path)} got shorter: it has ${size} bytes, ${mark.sentBytes} had been sent`,
          }
        : {
            kind: 'replaced',
            detail: `${path.basename(now.path)} holds other bytes now than the ${mark.sentBytes} that had been sent of it`,
          },
    };
  } finally {
    await handle.close();
  }
}
