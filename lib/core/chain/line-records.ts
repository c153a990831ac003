import { foreignEncoding, hasByteOrderMark } from '../bytes/text-encoding';
import type { ChainFormat, CheckedRecord, Hasher, UnreadableLine } from './format';
import type { Line } from '../bytes/lines';

/** A part of a line: a record, or bytes that are none. As a rule a line is one part. */
export type LinePart = {
  line: Line;
  read: CheckedRecord | UnreadableLine;
  /** Nothing but zero bytes. */
  zeros: boolean;
};

type Part = { from: number; to: number; read: CheckedRecord | UnreadableLine; zeros: boolean };

const NUL = 0x00;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Parts of one line that are no record: what is behind as many is one more, so that any line is read in linear time. */
const MAX_OTHERS = 16;
const ZEROS: UnreadableLine = { kind: 'unreadable', code: 'not-json', message: 'Zero bytes are no record.' };
const encoder = new TextEncoder();

/**
 * What a line that is not blank or too long holds. Where it is no record as a whole, whole records on it are found all the same: several
 * without a newline between them, one behind torn bytes, one beside zero bytes. The parts share the line's number; only the last ends as it does.
 */
export function partsOf(format: ChainFormat, hasher: Hasher, line: Line): LinePart[] {
  const parts = cut(format, hasher, line.bytes);
  const last = parts.at(-1);
  return parts.map((part) => {
    const { from, to, read, zeros } = part;
    if (from === 0 && to === line.bytes.length) return { line, read, zeros };
    const ending =
      part === last ? { crlf: line.crlf, terminated: line.terminated } : { crlf: false, terminated: false };
    return {
      line: {
        ...line,
        ...ending,
        bytes: line.bytes.subarray(from, to),
        byteOffset: line.byteOffset + from,
        byteLength: to - from,
      },
      read,
      zeros,
    };
  });
}

/** The records of a line, in order. */
export function recordsOf(format: ChainFormat, hasher: Hasher, line: Line): { line: Line; read: CheckedRecord }[] {
  return partsOf(format, hasher, line).flatMap(({ line: part, read }) =>
    read.kind === 'record' ? [{ line: part, read }] : [],
  );
}

/** Where the records of a line begin and end in its bytes. */
export function recordSpans(format: ChainFormat, hasher: Hasher, bytes: Uint8Array): { from: number; to: number }[] {
  return cut(format, hasher, bytes).filter(({ read }) => read.kind === 'record');
}

function cut(format: ChainFormat, hasher: Hasher, bytes: Uint8Array): Part[] {
  const read = format.check(bytes, hasher);
  const whole: Part = { from: 0, to: bytes.length, read, zeros: false };
  // What parses is one thing, record or not.
  if (read.kind === 'record' || read.code === 'not-a-record') return [whole];
  const encoding = foreignEncoding(bytes);
  if (encoding)
    return [
      {
        ...whole,
        read: {
          kind: 'unreadable',
          code: 'not-utf8',
          message: `The line is ${encoding} text, as another program wrote it: records are UTF-8.`,
        },
      },
    ];
  const parts = [...searched(format, hasher, bytes)];
  const [only] = parts;
  return only && parts.length === 1 && !only.zeros && only.read.kind === 'unreadable' ? [whole] : parts;
}

function* searched(format: ChainFormat, hasher: Hasher, bytes: Uint8Array): Generator<Part> {
  const opening = encoder.encode(format.opening);
  let others = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === NUL && others < MAX_OTHERS) {
      let to = at;
      while (to < bytes.length && bytes[to] === NUL) to += 1;
      yield { from: at, to, read: ZEROS, zeros: true };
      others += 1;
      at = to;
      continue;
    }
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
      at += 1;
      continue;
    }
    const zero = bytes.indexOf(NUL, at);
    const stop = zero === -1 ? bytes.length : zero;
    const to = others < MAX_OTHERS ? endOfObject(bytes, startOfObject(bytes, at), stop) : -1;
    const read = to === -1 ? null : format.check(bytes.subarray(at, to), hasher);
    if (read && (read.kind === 'record' || read.code === 'not-a-record')) {
      yield { from: at, to, read, zeros: false };
      at = to;
      continue;
    }
    others += 1;
    const next = others < MAX_OTHERS ? indexOf(bytes, opening, at + 1, stop) : bytes.length;
    yield { from: at, to: next, read: format.check(bytes.subarray(at, next), hasher), zeros: false };
    at = next;
  }
}

/** A byte-order mark may stand before it. */
function startOfObject(bytes: Uint8Array, at: number): number {
  return hasByteOrderMark(bytes, at) ? at + 3 : at;
}

/** Behind the brace that closes the one at `from`; -1 when there is none, or it stays open up to `stop`. */
function endOfObject(bytes: Uint8Array, from: number, stop: number): number {
  if (bytes[from] !== OPEN) return -1;
  let depth = 0;
  let inString = false;
  for (let at = from; at < stop; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE && (depth -= 1) === 0) return at + 1;
  }
  return -1;
}

/** Where `wanted` begins between `from` and `stop`; `stop` when it does not. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number, stop: number): number {
  for (let at = bytes.indexOf(OPEN, from); at !== -1 && at + wanted.length <= stop; at = bytes.indexOf(OPEN, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return stop;
}
