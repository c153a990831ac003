import { NEWLINE, countNewlines } from '../core/bytes/newline';

/** Where two streams of bytes first differ. */
export type Difference = {
  /** From 0. */
  byte: number;
  /** From 1, by newlines. */
  line: number;
  /** What stands there in each, from the beginning of the line on or some bytes before the place; empty at an end. */
  expected: string;
  found: string;
};

/** Bytes shown before and behind the place. */
const BEFORE = 80;
const BEHIND = 80;

/** The first difference of what is kept from what it must be; null when both are the same bytes. Holds a chunk of each. */
export async function firstDifference(
  expected: AsyncIterable<Uint8Array>,
  found: AsyncIterable<Uint8Array>,
): Promise<Difference | null> {
  const [a, b] = [cursorOf(expected), cursorOf(found)];
  let [byte, line] = [0, 1];
  let before: Buffer = Buffer.alloc(0);
  try {
    for (;;) {
      const [left, right] = [await a.rest(), await b.rest()];
      const length = Math.min(left.length, right.length);
      let same = left.subarray(0, length).equals(right.subarray(0, length)) ? length : 0;
      while (same < length && left[same] === right[same]) same += 1;
      line += countNewlines(left.subarray(0, same));
      byte += same;
      before = Buffer.concat([before, left.subarray(0, same)]).subarray(-BEFORE);
      if (same === length && length > 0) {
        a.skip(same);
        b.skip(same);
        continue;
      }
      if (left.length === 0 && right.length === 0) return null;
      const since = before.subarray(before.lastIndexOf(NEWLINE) + 1);
      const shown = (rest: Buffer) =>
        rest.length === 0 ? '' : Buffer.concat([since, rest.subarray(same, same + BEHIND)]).toString('utf8');
      return { byte, line, expected: shown(left), found: shown(right) };
    }
  } finally {
    await Promise.all([a.end(), b.end()]);
  }
}

function cursorOf(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return {
    /** What is there, which is nothing at the end alone. */
    async rest(): Promise<Buffer> {
      while (held.length === 0) {
        const next = await iterator.next();
        if (next.done) break;
        held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
      return held;
    },
    skip(bytes: number) {
      held = held.subarray(bytes);
    },
    async end() {
      await iterator.return?.();
    },
  };
}
