import { endOfLines } from '../bytes/newline';
import type { ChainFormat, Hasher } from '../chain/format';
import { isDigest } from '../chain/digest-bytes';
import {
  CANONICAL,
  SECONDARY_FOUND,
  SECONDARY_SPANS,
  ENTRIES,
  ENTRY_BYTES,
  FOUND,
  FRACTION_DIGITS,
  FROM,
  HOLDS,
  INPUT,
  INPUT_BYTES,
  LINKED,
  MAX_ENTRIES,
  NANOS,
  PREV_AT,
  SECONDS,
  SEQUENCE,
  SPANS,
  SURPLUS,
  TIME_FROM,
  TIME_TO,
  TO,
} from './layout';
import type { TimedRun } from '../chain/time-range';
import { fromBase64 } from '../base64';
import { scannerBytes } from './module';
import { WRITTEN } from './written';

/** Records that follow one another, as their writer left them. Valid until more is read. */
export type Run = {
  count: number;
  /** Where the last begins in the chunk, and where its newline stands. */
  lastFrom: number;
  lastTo: number;
  /** 32 bytes each. */
  hashes: Uint8Array;
  /** Number of the last; null when the format does not number. */
  sequence: number | null;
  /** Number of each: those of a format whose numbers need not follow one another may not. */
  sequenceAt: (index: number) => number | null;
  times: TimedRun;
  /** The hash the first names as that of the record before. */
  prev: string;
  /** Whether they are canonical, see `CanonicalLine`; false of a scanner that is not of such runs. */
  canonical: boolean;
  /** Units of UTF-16 in the lines, newlines among them. */
  units(): number;
};

/** What a run must follow: the hash and the number of the record before. */
type RunHead = { hash: string; sequence: number | null };

/** Reads many lines at a time. Call `forget` when the bytes of a chunk may be others than when it was read last. */
export type LineScanner = {
  forget(): void;
  /**
   * The records from the line at `from` on that follow the one whose hash and number are given; null when that line does not. Without those they follow
   * one another, and the first any with a digest for its hash.
   */
  runAt(chunk: Uint8Array, from: number, head: RunHead | null, hasher: Hasher): Run | null;
};

/** `alike`: a run ends where canonical records do, or begin. To know which those are takes a tenth of the time. */
type ScannerOptions = { alike?: boolean };

type Exports = { memory: WebAssembly.Memory; scan(from: number, end: number): number; compare(count: number): void };

const DIGEST = 64;
const scanners = new Map<string, LineScanner | null>();

/** The one of a format; null where it has none, or WebAssembly or its SIMD is missing. */
export function lineScanner(format: ChainFormat, { alike = false }: ScannerOptions = {}): LineScanner | null {
  const name = scannerName(format, alike);
  const known = scanners.get(name);
  if (known !== undefined) return known;
  const made = createLineScanner(format, name, alike);
  scanners.set(name, made);
  return made;
}

/** By which it is found among those that are written, and those that are made. Where no record is canonical all runs are alike. */
export function scannerName({ id, fastpath }: ChainFormat, alike: boolean): string {
  return alike && fastpath?.canonical ? `${id}, alike` : id;
}

/** Records read one by one before a scanner is made: to make one takes as long as to read so many, and where it was written before, as few. */
const WORTH_MAKING = 1000;
const WORTH_COMPILING = 100;

/** How many were read so until now, of all logs by the name of their scanner: what grows by a few records at a time is checked by a new one each time. */
const readBefore = new Map<string, number>();

/** The same, made when there prove to be enough records. */
export function scannerWhenItPays(format: ChainFormat, options: { alike: boolean }): LineScanner | null {
  const name = scannerName(format, options.alike);
  let made = scanners.get(name);
  if (!format.fastpath || made !== undefined) return made ?? null;
  return {
    forget() {
      made?.forget();
    },
    runAt(...given) {
      const before = readBefore.get(name) ?? 0;
      readBefore.set(name, before + 1);
      if (before >= (WRITTEN[name] ? WORTH_COMPILING : WORTH_MAKING)) made ??= lineScanner(format, options);
      return made?.runAt(...given) ?? null;
    },
  };
}

function createLineScanner({ fastpath, hashAlgorithm }: ChainFormat, name: string, alike: boolean): LineScanner | null {
  if (!fastpath || typeof WebAssembly === 'undefined') return null;
  const written = WRITTEN[name];
  const bytes = (written && fromBase64(written)) || scannerBytes(fastpath, { canonical: alike });
  if (!WebAssembly.validate(bytes)) return null;
  const { memory, scan, compare } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports; // what the module exports
  const all = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const doubles = new Float64Array(memory.buffer);
  const [found, secondaryFound] = [all.subarray(FOUND), all.subarray(SECONDARY_FOUND)];
  const { numbered, secondaryHash } = fastpath;
  const word = (index: number, offset: number) => words[(ENTRIES + index * ENTRY_BYTES + offset) >> 2] ?? 0;
  const double = (index: number, offset: number) => doubles[(ENTRIES + index * ENTRY_BYTES + offset) >> 3] ?? 0;

  /** The part of the chunk that was read, and the entry to look at next. */
  let [readFrom, readTo, count, cursor] = [0, 0, 0, 0];
  let readChunk: Uint8Array | null = null;

  function read(chunk: Uint8Array, from: number, hasher: Hasher): void {
    const end = Math.min(chunk.length, from + INPUT_BYTES);
    all.set(chunk.subarray(from, end), INPUT);
    count = scan(INPUT, INPUT + end - from);
    if (count > 0) {
      hasher.digests(hashAlgorithm, all, words.subarray(SPANS >> 2, (SPANS >> 2) + 2 * count), found);
      if (secondaryHash)
        hasher.digests(
          hashAlgorithm,
          all,
          words.subarray(SECONDARY_SPANS >> 2, (SECONDARY_SPANS >> 2) + 2 * count),
          secondaryFound,
        );
      compare(count);
    }
    readChunk = chunk;
    readFrom = from;
    if (count === MAX_ENTRIES) readTo = from + word(count - 1, TO) - INPUT + 1;
    else readTo = Math.max(endOfLines(chunk, end), from + 1);
    cursor = 0;
  }

  function follows(index: number, { hash, sequence }: RunHead): boolean {
    const at = word(index, PREV_AT);
    if (hash.length !== DIGEST) return false;
    for (let digit = 0; digit < DIGEST; digit += 1) if (all[at + digit] !== hash.charCodeAt(digit)) return false;
    return !numbered || (sequence !== null && double(index, SEQUENCE) === sequence + 1);
  }

  /** Whether a record belongs to the run before it, which is canonical or not. */
  function goesOn(index: number, canonical: number): boolean {
    return word(index, LINKED) !== 0 && word(index, HOLDS) !== 0 && word(index, CANONICAL) === canonical;
  }

  function prevOf(index: number): string {
    const at = word(index, PREV_AT);
    return String.fromCharCode(...all.subarray(at, at + DIGEST));
  }

  function instantOf(index: number): string {
    const [from, to] = [word(index, TIME_FROM), word(index, TIME_TO)];
    if (from !== 0) return String.fromCharCode(...all.subarray(from, to));
    const whole = new Date(double(index, SECONDS) * 1000).toISOString().slice(0, -5);
    const digits = word(index, FRACTION_DIGITS);
    return digits === 0 ? `${whole}Z` : `${whole}.${String(word(index, NANOS)).padStart(9, '0').slice(0, digits)}Z`;
  }

  return {
    forget() {
      readChunk = null;
    },
    runAt(chunk, from, head, hasher) {
      if (chunk !== readChunk || from >= readTo) read(chunk, from, hasher);
      const at = INPUT + from - readFrom;
      while (cursor < count && word(cursor, FROM) < at) cursor += 1;
      const first = cursor;
      if (first === count || word(first, FROM) !== at || word(first, HOLDS) === 0) return null;
      const prev = head ? head.hash : prevOf(first);
      if (head ? !follows(first, head) : !isDigest(prev)) return null;
      cursor += 1;
      const canonical = word(first, CANONICAL);
      while (cursor < count && goesOn(cursor, canonical)) cursor += 1;
      const behind = cursor;
      const last = behind - 1;
      const number = double(last, SEQUENCE);
      return {
        count: behind - first,
        prev,
        canonical: canonical !== 0,
        units() {
          let sum = word(last, TO) + 1 - word(first, FROM);
          for (let index = first; index < behind; index += 1) sum -= word(index, SURPLUS);
          return sum;
        },
        lastFrom: word(last, FROM) - INPUT + readFrom,
        lastTo: word(last, TO) - INPUT + readFrom,
        hashes: all.subarray(FOUND + 32 * first, FOUND + 32 * behind),
        sequence: number === -1 ? null : number,
        sequenceAt: (index) => {
          const one = double(first + index, SEQUENCE);
          return one === -1 ? null : one;
        },
        times: {
          count: behind - first,
          isStated: (index) => word(first + index, TIME_TO) !== 0,
          seconds: (index) => double(first + index, SECONDS),
          nanos: (index) => word(first + index, NANOS),
          fractionDigits: (index) => word(first + index, FRACTION_DIGITS),
          text: (index) => instantOf(first + index),
        },
      };
    },
  };
}
