/** A newline by itself, to be written behind a line. */
export const NEWLINE = 0x0a;
export const NEWLINE_BYTES: Uint8Array = Uint8Array.of(NEWLINE);
const CR = 0x0d;

/** Where the line that `from` lies in ends, behind its newline; 0 when it has none in `bytes`. */
export function endOfLine(bytes: Uint8Array, from = 0): number {
  return bytes.indexOf(NEWLINE, from) + 1;
}

/** Where the last whole line ends, behind its newline; 0 when there is none before `end`. */
export function endOfLines(bytes: Uint8Array, end = bytes.length): number {
  return end === 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1;
}

export function endsInNewline(bytes: Uint8Array): boolean {
  return bytes.at(-1) === NEWLINE;
}

/** Newlines in `bytes`. */
export function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let end = endOfLine(bytes); end !== 0; end = endOfLine(bytes, end)) count += 1;
  return count;
}

export function withoutNewline<B extends Uint8Array>(line: B): B {
  return endsInNewline(line) ? (line.subarray(0, -1) as B) : line; // a part of a Buffer is one
}

/** Whether bytes cannot be one line as they are. */
export function breaksLine(bytes: Uint8Array): boolean {
  return bytes.includes(NEWLINE) || bytes.includes(CR);
}

/** A line without the newline it may end in, and the CR before that. */
export function withoutLineEnd<B extends Uint8Array>(line: B): B {
  if (!endsInNewline(line)) return line;
  return line.subarray(0, line.at(-2) === CR ? -2 : -1) as B; // a part of a Buffer is one
}

/**
 * Where a segment of which `heldBytes` are there ends in the bytes that follow: behind the first newline at or past the target size.
 * 0 when it goes on behind them. Where segments end depends on the bytes alone, so a log that has grown shares all but its last with its earlier self.
 */
export function endOfSegment(bytes: Uint8Array, heldBytes: number, targetBytes: number): number {
  const from = Math.max(0, targetBytes - 1 - heldBytes);
  return from < bytes.length ? endOfLine(bytes, from) : 0;
}

/** The first line that is longer than `maxBytes`, the first of which goes on one that `begunBytes` are there of; `from` is where it begins, before the bytes when below 0. */
export function lineOver(
  maxBytes: number,
  bytes: Uint8Array,
  begunBytes: number,
): { from: number; lineBytes: number } | null {
  if (begunBytes + bytes.length <= maxBytes) return null;
  for (let from = -begunBytes; from < bytes.length; ) {
    const next = endOfLine(bytes, Math.max(0, from));
    const lineBytes = (next === 0 ? bytes.length : next - 1) - from;
    if (lineBytes > maxBytes) return { from, lineBytes };
    if (next === 0) return null;
    from = next;
  }
  return null;
}

/** Counts the lines of a file pushed in chunks: newlines, and lines that hold anything. A line that the file ends in without a newline is one, once `end` was called. */
export function createLineCounter(): {
  push(chunk: Uint8Array): void;
  end(): void;
  /** Bytes of the line that was begun. */
  readonly begunBytes: number;
  /** Of what was pushed since they were taken. */
  take(): { lines: number; records: number };
} {
  let [lines, records, begunBytes] = [0, 0, 0];
  let isBlank = true;
  const endLine = () => {
    if (!isBlank) records += 1;
    begunBytes = 0;
    isBlank = true;
  };
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const next = endOfLine(chunk, at);
        const length = (next === 0 ? chunk.length : next - 1) - at;
        isBlank &&= length === 0 || (length === 1 && begunBytes === 0 && chunk[at] === CR);
        begunBytes += length;
        if (next === 0) return;
        lines += 1;
        endLine();
        at = next;
      }
    },
    end: endLine,
    get begunBytes() {
      return begunBytes;
    },
    take() {
      const counted = { lines, records };
      [lines, records] = [0, 0];
      return counted;
    },
  };
}
