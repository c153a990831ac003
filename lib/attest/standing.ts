import 'server-only';
import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { ChainFormat } from '../core/chain/format';
import { joinSegments, verdictOf } from '../core/chain/join';
import { PROBLEM_VERDICT, type ProblemCode, type ProblemCounts } from '../core/chain/problem';
import { type Verdict, worst } from '../core/chain/verdict';
import { type Standing, standingOf } from '../core/statements/standing';
import type { ChainSegmentsTable } from '../db/schema';
import type { Covered } from './covered';
import { type ByteRange, readRanges } from './read-ranges';

type Segment = Pick<ChainSegmentsTable, 'digest' | 'byte_offset' | 'size_bytes' | 'first_record' | 'records'>;
type Known = { verdict: Verdict; counts: ProblemCounts };

/** What somebody saw of the chain earlier, or lies beside it, speaks against all of its history: where in it the change lies is a guess. */
const AGAINST_ALL: readonly ProblemCode[] = [
  'history-rewritten',
  'bad-signature',
  'session-mismatch',
  'merkle-mismatch',
  'ledger-mismatch',
  'unreadable-evidence',
];

/**
 * The standing of the records covered, for statements that say no more than passed or failed. Of the whole chain it is its verdict. Of a part
 * the bytes are walked here once more, from its first to its last record: what is on record of problems places only so many of them, and of
 * records picked from a chain one that is missing in between may have been one of theirs. @throws AppError EVIDENCE_MISSING.
 */
export async function standingOfPart(
  ctx: Context,
  {
    format,
    covered,
    part,
    chain,
  }: {
    format: ChainFormat;
    covered: Covered<Segment>;
    /** As the problems on record place it. */
    part: Known;
    chain: Known;
  },
): Promise<
  Standing & {
    /** The records covered each hash to what is stored with them, and link where they follow one another. */
    isAsWritten: boolean;
  }
> {
  if (!covered.excerpt) return { ...standingOf(chain.verdict, chain.counts), isAsWritten: true };
  const { ranges } = covered.excerpt;
  const stretch = { from: ranges[0]?.from ?? 0, to: ranges.at(-1)?.to ?? 0 };
  const walked = await walk(ctx, format, covered.segments, [stretch]);
  const picked = covered.picked ? await walk(ctx, format, covered.segments, ranges) : walked;
  const around = verdictOf(
    Object.fromEntries(AGAINST_ALL.filter((code) => (chain.counts[code] ?? 0) > 0).map((code) => [code, 1])),
  );
  const found = [part.verdict, walked.verdict, around].reduce(worst);
  return {
    verdict: found,
    hasUncovered:
      standingOf(found, part.counts).hasUncovered ||
      standingOf(found, walked.problemCounts).hasUncovered ||
      picked.records !== picked.validRecords,
    isAsWritten: covered.picked
      ? picked.records === picked.validRecords
      : !(Object.keys(walked.problemCounts) as ProblemCode[]).some((code) => PROBLEM_VERDICT[code] === 'tampered'), // keys of our own type
  };
}

async function walk(ctx: Context, format: ChainFormat, segments: readonly Segment[], ranges: readonly ByteRange[]) {
  const checker = createSegmentChecker(format, ctx.hasher);
  for await (const chunk of readRanges(ctx.evidence, segments, ranges)) {
    checker.push(chunk);
    await setImmediate(); // others are served in between
  }
  return joinSegments(format, [checker.end().check], [], { continues: true });
}
