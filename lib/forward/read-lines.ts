import type { FileHandle } from 'node:fs/promises';
import { endOfLine, endOfLines } from '../core/bytes/newline';
import { MAX_LINE_BYTES } from '../core/bytes/limits';
import { bytesAt } from './print';

/** Bytes of whole lines that are sent at once, unless one line alone is longer. */
const BATCH_BYTES = 1024 * 1024;

/** `tornBytes`: of a line at the end of the file that has no newline yet. `isEndless`: no line can be made of it. */
export type Lines = { bytes: Buffer<ArrayBuffer>; tornBytes: number; isEndless: boolean };

/** Whole lines from `from` on, up to the end of the file as it was when it had `sizeBytes`. */
export async function readLines(file: FileHandle, from: number, sizeBytes: number): Promise<Lines> {
  for (let window = BATCH_BYTES; ; window *= 4) {
    const to = Math.min(sizeBytes, from + window);
    const bytes = await bytesAt(file, from, to);
    const end = endOfLines(bytes);
    if (end > 0)
      return { bytes: bytes.subarray(0, end), tornBytes: to === sizeBytes ? bytes.length - end : 0, isEndless: false };
    if (bytes.length > MAX_LINE_BYTES) return { bytes: bytes.subarray(0, 0), tornBytes: bytes.length, isEndless: true };
    if (to === sizeBytes) return { bytes: bytes.subarray(0, 0), tornBytes: bytes.length, isEndless: false };
  }
}

/** The last whole lines before `end`: at most `most` bytes, or the last line alone. `end` is behind a newline. */
export async function lastLines(file: FileHandle, end: number, most = 64 * 1024): Promise<Buffer<ArrayBuffer>> {
  for (let window = most; ; window *= 4) {
    const from = Math.max(0, end - window);
    const bytes = await bytesAt(file, from, end);
    if (from === 0) return bytes;
    const start = endOfLine(bytes);
    if (start > 0 && start < bytes.length) return bytes.subarray(start);
    if (window > MAX_LINE_BYTES) return bytes;
  }
}
