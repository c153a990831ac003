import 'server-only';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { FormatId, Hasher } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import { createLocationScan } from '../../core/chain/hash-locations';
import { formatById } from '../../core/formats';
import { type CanonicalPart, createFollower, createPartList } from '../log/follow-reference';
import type { CheckedSegment, Located } from '../log/log-source';
import { type ByteRange, readRange } from './byte-range';

/** What a thread can do with a range of a file. */
export type Tasks = {
  /** Positions are relative to the range. Gives the first `kept` problems; the others are only counted. */
  check: { input: { range: ByteRange; format: FormatId; kept: number }; output: CheckedSegment };
  /** Where in the range the wanted hashes are, in ordinals relative to it. */
  locate: { input: { range: ByteRange; format: FormatId; wanted: ReadonlySet<string> }; output: Located };
  /** What the format's own verifier says of a whole file, whose canonical parts are given; null when it has none, or more than `mostBytes` have to be followed line by line. */
  follow: {
    input: { range: ByteRange; format: FormatId; canonical: readonly CanonicalPart[]; mostBytes: number };
    output: ReferenceFinding | null;
  };
};
export type TaskKind = keyof Tasks;

/** `hasher` is one for the format; `onBytes` is called with bytes as they are read. */
type Tools = { hasher: Hasher; onBytes: (count: number) => void };

const TASKS: { [K in TaskKind]: (tools: Tools, input: Tasks[K]['input']) => Tasks[K]['output'] } = {
  check({ hasher, onBytes }, { range, format, kept }) {
    const known = formatById(format);
    const parts = known.fastpath?.canonical ? createPartList() : null;
    const checker = createSegmentChecker(known, hasher, { watch: parts });
    readRange(range, (chunk) => {
      checker.push(chunk);
      onBytes(chunk.length);
    });
    const { check, problems } = checker.end();
    return { check, problems: problems.slice(0, kept), ...(parts && { canonical: parts.parts }) };
  },
  locate({ hasher, onBytes }, { range, format, wanted }) {
    const scan = createLocationScan(formatById(format), hasher, wanted);
    readRange(range, (chunk) => {
      scan.push(chunk);
      onBytes(chunk.length);
    });
    return scan.end();
  },
  follow({ hasher }, { range, format, canonical, mostBytes }) {
    const walk = formatById(format).referenceVerifier?.(hasher);
    if (!walk || bytesToFollow({ range, canonical }) > mostBytes) return null;
    const follower = createFollower(walk, { maxBytes: mostBytes });
    const push = (from: number, to: number) => readRange({ ...range, from, to }, (chunk) => follower.push(chunk));
    let at = range.from;
    for (const part of canonical) {
      if (part.from > at) push(at, part.from);
      if (!follower.pass(part)) push(part.from, part.to);
      at = part.to;
    }
    if (range.to > at) push(at, range.to);
    return follower.end();
  },
};

/** What of a file lies outside its canonical parts. */
export function bytesToFollow({ range, canonical }: Pick<Tasks['follow']['input'], 'range' | 'canonical'>): number {
  return canonical.reduce((sum, part) => sum - (part.to - part.from), range.to - range.from);
}

/** @throws AppError UNREADABLE_BODY. */
export function runTask<K extends TaskKind>(kind: K, tools: Tools, input: Tasks[K]['input']): Tasks[K]['output'] {
  return TASKS[kind](tools, input);
}
