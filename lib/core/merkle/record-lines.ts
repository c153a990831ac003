import { MAX_LINE_BYTES } from '../chain/lines';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Whether a line is a record; given without its newline and the CR before that. */
export type IsRecord = (line: Uint8Array) => boolean;

/**
 * Calls `onRecord` for each record in `bytes`, which begin at a line; its bytes are those from `start` to `end`, a CR before the newline
 * among them. Records are the lines `isRecord` takes, or all that are not blank when it is null. What follows the last newline counts as
 * a line only when nothing follows `bytes`. Returns where the unfinished line begins.
 */
export function eachRecord(bytes: Uint8Array, from: number, isLast: boolean, isRecord: IsRecord | null, onRecord: (start: number, end: number) => void): number {
  let start = from;
  while (start < bytes.length) {
    const newline = bytes.indexOf(LF, start);
    if (newline === -1 && !isLast) break;
    const end = newline === -1 ? bytes.length : newline;
    if (!isBlank(bytes, start, end) && (isRecord === null || isTaken(bytes, start, end, newline !== -1, isRecord))) onRecord(start, end);
    start = newline === -1 ? end : newline + 1;
  }
  return start;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}

function isTaken(bytes: Uint8Array, start: number, end: number, terminated: boolean, isRecord: IsRecord): boolean {
  const line = bytes.subarray(start, terminated && end > start && bytes[end - 1] === CR ? end - 1 : end);
  return line.length <= MAX_LINE_BYTES && isRecord(line);
}
