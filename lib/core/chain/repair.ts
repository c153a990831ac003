import type { ChainFormat, Hasher } from './format';

/** What follows the last newline of a log. */
export type Tail = { bytes: Uint8Array; /** From the start of the log. */ byteOffset: number; /** 1-based physical line. */ line: number };

/** What a repaired copy leaves out: everything from `byteOffset` to the end of the log. */
export type Removal = { byteOffset: number; sizeBytes: number; line: number; /** Of the bytes left out, lower-case hex. */ sha256: string };

/**
 * A torn tail is what can be repaired: a last line without its newline that cannot be read, as Occasio's `audit repair` has it. Null when
 * there is none: the log ends in a newline, in a whole record that only lacks it, in blanks, or in something readable that is no record.
 * The log itself is never changed.
 */
export function planRepair(format: ChainFormat, hasher: Hasher, { bytes, byteOffset, line }: Tail): Removal | null {
  if (bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return null;
  const read = format.check(bytes, hasher);
  const isTorn = read.kind === 'unreadable' && (read.code === 'not-json' || read.code === 'not-utf8');
  return isTorn ? { byteOffset, sizeBytes: bytes.length, line, sha256: hasher.sha256(bytes) } : null;
}

/** A removal in words. */
export function repairSentence(removal: Removal | null): string {
  if (!removal) return 'The log does not end in a torn record: there is nothing to cut off.';
  const { sizeBytes, byteOffset, line } = removal;
  const figure = (count: number) => count.toLocaleString('en-GB');
  return `The copy leaves out the last ${sizeBytes === 1 ? 'byte' : `${figure(sizeBytes)} bytes`}, from byte ${figure(byteOffset)} on line ${figure(line)} to the end: the beginning of a record that was never finished. Everything before stays as it is, byte for byte, and so does the evidence.`;
}
