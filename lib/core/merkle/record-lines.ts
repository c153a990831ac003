import { MAX_LINE_BYTES } from '../chain/lines';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Where the records of a line begin and end in it, in order; given without its newline and the CR before that. */
export type RecordsIn = (line: Uint8Array) => readonly { from: number; to: number }[];

/**
 * Calls `onRecord` for each record in `bytes`, which begin at a line; its bytes are those from `start` to `end`, a CR before the newline
 * among them. Records are those `recordsIn` finds, or all lines that are not blank when it is null. What follows the last newline counts
 * as a line only when nothing follows `bytes`. Returns where the unfinished line begins.
 */
export function eachRecord(bytes: Uint8Array, from: number, isLast: boolean, recordsIn: RecordsIn | null, onRecord: (start: number, end: number) => void): number {
  let start = from;
  while (start < bytes.length) {
    const newline = bytes.indexOf(LF, start);
    if (newline === -1 && !isLast) break;
    const end = newline === -1 ? bytes.length : newline;
    if (!isBlank(bytes, start, end)) {
      if (recordsIn) search(bytes, start, end, newline !== -1, recordsIn, onRecord);
      else onRecord(start, end);
    }
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

function search(bytes: Uint8Array, start: number, end: number, terminated: boolean, recordsIn: RecordsIn, onRecord: (start: number, end: number) => void): void {
  const line = bytes.subarray(start, terminated && end > start && bytes[end - 1] === CR ? end - 1 : end);
  if (line.length > MAX_LINE_BYTES) return;
  for (const { from, to } of recordsIn(line)) onRecord(start + from, to === line.length ? end : start + to);
}
