import 'server-only';
import type { SegmentCheck } from '../../core/chain/check';
import { createSegmentChecker } from '../../core/chain/check-segment';
import type { FormatId, Hasher } from '../../core/chain/format';
import { createLineSplitter } from '../../core/bytes/lines';
import type { OriginalFinding } from '../../core/chain/original';
import type { Problem } from '../../core/chain/problem';
import { type Sightings, createSightingScan } from '../../core/chain/sightings';
import { formatById } from '../../core/formats';
import { type ByteRange, readRange } from './byte-range';

/** What a thread can do with a range of a file. */
export type Tasks = {
  /** Positions are relative to the range. Gives the first `placed` problems; the others are only counted. */
  check: { input: { range: ByteRange; format: FormatId; placed: number }; output: { check: SegmentCheck; problems: Problem[] } };
  /** Where in the range the wanted hashes are, in ordinals relative to it. */
  sight: { input: { range: ByteRange; format: FormatId; wanted: ReadonlySet<string> }; output: Sightings };
  /** What the format's own verifier says of the range as a whole artefact; null when it has none. */
  original: { input: { range: ByteRange; format: FormatId }; output: OriginalFinding | null };
};
export type TaskKind = keyof Tasks;

/** `onBytes` is told of bytes as they are read. */
type Tools = { hasher: Hasher; onBytes: (count: number) => void };

const TASKS: { [K in TaskKind]: (tools: Tools, input: Tasks[K]['input']) => Tasks[K]['output'] } = {
  check({ hasher, onBytes }, { range, format, placed }) {
    const checker = createSegmentChecker(formatById(format), hasher);
    readRange(range, (chunk) => {
      checker.push(chunk);
      onBytes(chunk.length);
    });
    const { check, problems } = checker.end();
    return { check, problems: problems.slice(0, placed) };
  },
  sight({ hasher, onBytes }, { range, format, wanted }) {
    const scan = createSightingScan(formatById(format), hasher, wanted);
    readRange(range, (chunk) => {
      scan.push(chunk);
      onBytes(chunk.length);
    });
    scan.endSegment();
    return scan.sightings;
  },
  original({ hasher }, { range, format }) {
    const walk = formatById(format).original?.(hasher);
    if (!walk) return null;
    const splitter = createLineSplitter((line) => walk.line(line));
    readRange(range, (chunk) => splitter.push(chunk));
    splitter.end();
    return walk.end();
  },
};

/** @throws AppError UNREADABLE_BODY. */
export function runTask<K extends TaskKind>(kind: K, tools: Tools, input: Tasks[K]['input']): Tasks[K]['output'] {
  return TASKS[kind](tools, input);
}
