import { offsetBy } from '../../core/chain/offsets';
import { MAX_LINE_BYTES } from '../../core/bytes/limits';
import { endOfLines, lineOver } from '../../core/bytes/newline';
import type { SegmentCheck } from '../../core/chain/check';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { ChainFormat, Hasher } from '../../core/chain/format';
import { joinSegments } from '../../core/chain/join';
import { mergeChecks } from '../../core/chain/merge-checks';
import type { Problem } from '../../core/chain/problem';
import { AppError } from '../../core/errors';

/** Of a chain with more broken links the others are counted, so that one append costs the same however broken the chain is. */
export const MAX_OPEN_LINKS = 200;

/** A growing chain as an append finds it. Byte counts are from the start of the chain. */
export type TailState = {
  sizeBytes: number;
  completeBytes: number;
  /** Of everything up to `completeBytes`. */
  check: SegmentCheck;
  /** What follows the last newline. */
  pending: Buffer;
};

/** Bytes looked at in one go. */
const STEP_BYTES = 64 * 1024;

export type Grown = {
  state: TailState;
  /** Of the new lines alone. */
  records: number;
  /** Placed in the chain, in file order. */
  problems: Problem[];
};

/** The check of nothing. */
export function emptyCheck(format: ChainFormat, hasher: Hasher): SegmentCheck {
  return createSegmentChecker(format, hasher).end().check;
}

/** The chain with `bytes` at its end, checked by them alone. @throws AppError TOO_LARGE for a line that is longer than any record, complete or not. */
export async function grow(
  format: ChainFormat,
  hasher: Hasher,
  { sizeBytes, completeBytes, check, pending }: TailState,
  bytes: Buffer,
): Promise<Grown> {
  requireShortLines(bytes, pending.length, completeBytes);
  const end = endOfLines(bytes);
  const open = bytes.subarray(end);
  const rest = end === 0 && pending.length > 0 ? Buffer.concat([pending, open]) : Buffer.from(open);
  if (end === 0)
    return {
      state: { sizeBytes: sizeBytes + bytes.length, completeBytes, check, pending: rest },
      records: 0,
      problems: [],
    };

  const checker = createSegmentChecker(format, hasher);
  if (pending.length > 0) checker.push(pending);
  for (let from = 0; from < end; from += STEP_BYTES) {
    checker.push(bytes.subarray(from, Math.min(end, from + STEP_BYTES)));
    // Other requests have their turn: a large append may be nothing but short lines.
    if (from + STEP_BYTES < end) await new Promise((resolve) => setImmediate(resolve));
  }
  const added = checker.end();
  const merged = mergeChecks(format, check, added.check, { maxOpenLinks: MAX_OPEN_LINKS });
  const state = {
    sizeBytes: sizeBytes + bytes.length,
    completeBytes: completeBytes + pending.length + end,
    check: merged,
    pending: rest,
  };
  return { state, records: added.check.records, problems: problemsOf(format, check, added) };
}

/** @throws AppError TOO_LARGE with the place of the first line that is too long; the first of `bytes` goes on one that `begunBytes` are there of. */
function requireShortLines(bytes: Buffer, begunBytes: number, completeBytes: number): void {
  const long = lineOver(MAX_LINE_BYTES, bytes, begunBytes);
  if (!long) return;
  const byteOffset = completeBytes + begunBytes + long.from;
  throw new AppError(
    'TOO_LARGE',
    `a line is at most ${MAX_LINE_BYTES} bytes; this one starts at byte ${byteOffset} of the chain and has ${long.lineBytes} so far. Nothing of this append was kept`,
    { limitBytes: MAX_LINE_BYTES, byteOffset },
  );
}

/** What the new lines show by themselves, and what their links into the chain before them show. */
function problemsOf(
  format: ChainFormat,
  before: SegmentCheck,
  { check, problems }: { check: SegmentCheck; problems: Problem[] },
): Problem[] {
  const own = problems.map((problem) => offsetBy(before, problem));
  // What is told once for a whole chain is told again by every look at it; only what lies in the new lines is new.
  const boundary = joinSegments(format, [before, check], []).boundaryProblems.filter(
    ({ byteOffset, code }) => byteOffset >= before.sizeBytes && code !== 'no-chain',
  );
  return [...own, ...boundary].toSorted((a, b) => a.byteOffset - b.byteOffset);
}
