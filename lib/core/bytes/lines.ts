import { MAX_LINE_BYTES } from './limits';
import { NEWLINE_BYTES, endOfLine } from './newline';

export type Line = {
  /** Without terminator and trailing CR; valid only until the next chunk is pushed. Empty when `tooLong`. */
  bytes: Uint8Array;
  /** 1-based. */
  number: number;
  /** From the start of the stream to the first byte of the line. */
  byteOffset: number;
  /** Without the terminator. */
  byteLength: number;
  /** Ends in CR LF. */
  crlf: boolean;
  /** Ends in a newline; only the last line may not. */
  terminated: boolean;
  /** Longer than `MAX_LINE_BYTES`. */
  tooLong: boolean;
};

const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Lines that are done with, and where in the chunk they end. */
export type ConsumedLines = { lines: number; to: number };

/** Takes whole lines from the one that begins at `from`, the `number`th; null when it takes none, and that one comes as a `Line`. */
export type FastpathLines = (
  chunk: Uint8Array,
  from: number,
  number: number,
  byteOffset: number,
) => ConsumedLines | null;

/** Cuts a stream of bytes into lines, blank ones included. Copies only what spans chunks, and holds at most `MAX_LINE_BYTES`. */
export function createLineSplitter(
  onLine: (line: Line) => void,
  fastpath: FastpathLines = () => null,
): { push(chunk: Uint8Array): void; end(): void } {
  let number = 0;
  let byteOffset = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  const hold = (part: Uint8Array, copy: boolean) => {
    heldBytes += part.length;
    if (heldBytes > MAX_LINE_BYTES + 1) held = [];
    else if (part.length > 0) held.push(copy ? new Uint8Array(part) : part);
  };
  /** Whether a line that spans chunks is taken, its parts and the newline put together. */
  const takeHeld = (): boolean => {
    if (
      heldBytes === 0 ||
      heldBytes > MAX_LINE_BYTES ||
      !fastpath(join([...held, NEWLINE_BYTES]), 0, number + 1, byteOffset)
    )
      return false;
    number += 1;
    byteOffset += heldBytes + 1;
    held = [];
    heldBytes = 0;
    return true;
  };
  const emit = (terminated: boolean) => {
    const whole = held.length === 1 ? held[0] : join(held);
    const bytes = whole ?? new Uint8Array(0);
    const crlf = terminated && bytes.at(-1) === CR;
    const byteLength = heldBytes - (crlf ? 1 : 0);
    const tooLong = byteLength > MAX_LINE_BYTES;
    number += 1;
    onLine({
      bytes: tooLong ? new Uint8Array(0) : crlf ? bytes.subarray(0, -1) : bytes,
      number,
      byteOffset,
      byteLength,
      crlf,
      terminated,
      tooLong,
    });
    byteOffset += heldBytes + (terminated ? 1 : 0);
    held = [];
    heldBytes = 0;
  };
  return {
    push(chunk) {
      let from = 0;
      while (from < chunk.length) {
        const consumed = heldBytes === 0 ? fastpath(chunk, from, number + 1, byteOffset) : null;
        if (consumed) {
          number += consumed.lines;
          byteOffset += consumed.to - from;
          from = consumed.to;
          continue;
        }
        const end = endOfLine(chunk, from);
        if (end === 0) break;
        const isBegun = heldBytes > 0;
        hold(chunk.subarray(from, end - 1), false);
        if (!isBegun || !takeHeld()) emit(true);
        from = end;
      }
      if (from < chunk.length) hold(chunk.subarray(from), true);
    },
    end() {
      if (heldBytes > 0) emit(false);
    },
  };
}

/** The lines of a stream that are not blank. */
export async function* splitLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let ready: Line[] = [];
  const splitter = createLineSplitter((line) => {
    if (!isBlank(line)) ready.push(line);
  });
  for await (const chunk of source) {
    splitter.push(chunk);
    yield* ready;
    ready = [];
  }
  splitter.end();
  yield* ready;
}

/** Nothing, or only spaces and tabs. */
export function isBlank({ bytes, byteLength }: Line): boolean {
  return bytes.length === 0 ? byteLength === 0 : isBlankBetween(bytes, 0, bytes.length);
}

/** Whether bytes `[from, to)` are nothing, or only spaces, tabs and CRs. */
export function isBlankBetween(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
