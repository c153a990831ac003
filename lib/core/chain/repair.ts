import { isBlankBetween } from '../bytes/lines';
import type { ChainFormat, Hasher } from './format';
import { figure } from '../text/words';
import { partsOf } from './line-records';

/** What follows the last newline of a log. */
export type Tail = {
  bytes: Uint8Array;
  /** From the start of the log. */
  byteOffset: number;
  /** 1-based physical line. */
  line: number;
};

/** What a repaired copy leaves out: everything from `byteOffset` to the end of the log. */
export type Removal = {
  byteOffset: number;
  sizeBytes: number;
  line: number;
  /** Of the bytes left out, lower-case hex. */
  sha256: string;
};

/**
 * A torn tail is what can be repaired: the end of a last line without its newline that cannot be read, as Occasio's `audit repair` has it,
 * from the last whole record on that line on. Null when there is none: the log ends in a newline, in a whole record that only lacks it, in
 * blanks, or in something readable that is no record. The log itself is never changed.
 */
export function planRepair(format: ChainFormat, hasher: Hasher, { bytes, byteOffset, line }: Tail): Removal | null {
  if (isBlankBetween(bytes, 0, bytes.length)) return null;
  const parts = partsOf(format, hasher, {
    bytes,
    number: line,
    byteOffset: 0,
    byteLength: bytes.length,
    crlf: false,
    terminated: false,
    tooLong: false,
  });
  const kept = parts.findLast(({ read }) => read.kind === 'record' || read.code === 'not-a-record');
  const torn = bytes.subarray(kept ? kept.line.byteOffset + kept.line.byteLength : 0);
  return torn.length > 0 && parts.at(-1) !== kept
    ? { byteOffset: byteOffset + bytes.length - torn.length, sizeBytes: torn.length, line, sha256: hasher.sha256(torn) }
    : null;
}

/** A removal in words. */
export function repairSentence(removal: Removal | null): string {
  if (!removal) return 'The log does not end in a torn record: there is nothing to cut off.';
  const { sizeBytes, byteOffset, line } = removal;
  return `The copy leaves out the last ${sizeBytes === 1 ? 'byte' : `${figure(sizeBytes)} bytes`}, from byte ${figure(byteOffset)} on line ${figure(line)} to the end: what stands there is no whole record. Everything before stays as it is, byte for byte, and so does the evidence.`;
}
