import { SEGMENT_TARGET_BYTES } from '../../core/bytes/limits';
import { NEWLINE, endOfSegment } from '../../core/bytes/newline';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { ChainFormat, Hasher } from '../../core/chain/format';
import type { LineWatch } from '../../core/chain/line-watch';
import type { Problem } from '../../core/chain/problem';
import type { CheckedSegment } from './log-source';

export type CheckFileOptions = {
  format: ChainFormat;
  hasher: Hasher;
  /** Where it is cut, as the server cuts: behind the first newline at or past this size. */
  targetBytes?: number;
  /** Bytes of the file where it is cut besides, when a line ends there. */
  cuts?: ReadonlySet<number>;
  /** Those of a segment's problems that are kept. */
  keep(problems: Problem[]): Problem[];
  /** Sees the bytes go by. */
  onChunk?(chunk: Uint8Array): void;
  /** Sees its lines go by. */
  watch?: LineWatch | null;
};

/** Checks a file in one pass over its bytes, segment by segment; an empty one is one segment. */
export async function* checkFile(
  bytes: AsyncIterable<Uint8Array>,
  {
    format,
    hasher,
    targetBytes = SEGMENT_TARGET_BYTES,
    cuts = new Set(),
    keep,
    onChunk,
    watch = null,
  }: CheckFileOptions,
): AsyncGenerator<CheckedSegment> {
  const sorted = [...cuts].toSorted((a, b) => a - b);
  let checker = createSegmentChecker(format, hasher, { watch });
  let [at, heldBytes, given] = [0, 0, 0];

  /** Where the segment ends in bytes that begin at `at`; 0 when it goes on behind them. */
  const endIn = (rest: Uint8Array): number => {
    const due = endOfSegment(rest, heldBytes, targetBytes);
    while (sorted[0] !== undefined && sorted[0] <= at) sorted.shift();
    const cut = sorted.find((place) => place - at > rest.length || rest[place - at - 1] === NEWLINE);
    const requested = cut === undefined || cut - at > rest.length ? 0 : cut - at;
    return due === 0 || requested === 0 ? Math.max(due, requested) : Math.min(due, requested);
  };
  const end = (): CheckedSegment => {
    const { check, problems } = checker.end();
    checker = createSegmentChecker(format, hasher, { watch });
    heldBytes = 0;
    given += 1;
    return { check, problems: keep(problems) };
  };
  for await (const chunk of bytes) {
    onChunk?.(chunk);
    for (let rest = chunk; rest.length > 0; ) {
      const to = endIn(rest);
      const piece = to === 0 ? rest : rest.subarray(0, to);
      checker.push(piece);
      heldBytes += piece.length;
      at += piece.length;
      rest = rest.subarray(piece.length);
      if (to !== 0) yield end();
    }
  }
  if (heldBytes > 0 || given === 0) yield end();
}

/** Checks bytes that are all there as one segment. */
export function checkBytes(bytes: Uint8Array, format: ChainFormat, hasher: Hasher): CheckedSegment {
  const checker = createSegmentChecker(format, hasher);
  checker.push(bytes);
  return checker.end();
}

/** Checks bytes as one segment. */
export async function checkWhole(
  bytes: AsyncIterable<Uint8Array>,
  format: ChainFormat,
  hasher: Hasher,
): Promise<CheckedSegment> {
  const checker = createSegmentChecker(format, hasher);
  for await (const chunk of bytes) checker.push(chunk);
  return checker.end();
}
