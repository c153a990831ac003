import { isBlankBetween } from '../bytes/lines';
import { MAX_LINE_BYTES } from '../bytes/limits';
import { endOfLine } from '../bytes/newline';

const CR = 0x0d;

/** Where the records of a line begin and end in it, in order; given without its newline and the CR before that. */
export type RecordsIn = (line: Uint8Array) => readonly { from: number; to: number }[];

/**
 * Calls `onRecord` for each record in `bytes`, which begin at a line; its bytes are those from `start` to `end`, a CR before the newline
 * among them. Records are those `recordsIn` finds, or all lines that are not blank when it is null. What follows the last newline counts
 * as a line only when nothing follows `bytes`. Returns where the unfinished line begins.
 */
export function eachRecord(
  bytes: Uint8Array,
  from: number,
  isLast: boolean,
  recordsIn: RecordsIn | null,
  onRecord: (start: number, end: number) => void,
): number {
  let start = from;
  while (start < bytes.length) {
    const next = endOfLine(bytes, start);
    if (next === 0 && !isLast) break;
    const end = next === 0 ? bytes.length : next - 1;
    if (!isBlankBetween(bytes, start, end)) {
      if (recordsIn) search(bytes, start, end, next !== 0, recordsIn, onRecord);
      else onRecord(start, end);
    }
    start = next === 0 ? end : next;
  }
  return start;
}

function search(
  bytes: Uint8Array,
  start: number,
  end: number,
  terminated: boolean,
  recordsIn: RecordsIn,
  onRecord: (start: number, end: number) => void,
): void {
  const line = bytes.subarray(start, terminated && end > start && bytes[end - 1] === CR ? end - 1 : end);
  if (line.length > MAX_LINE_BYTES) return;
  for (const { from, to } of recordsIn(line)) onRecord(start + from, to === line.length ? end : start + to);
}
