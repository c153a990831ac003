import 'server-only';
import { noLog } from '../../core/bytes/no-log';
import { firstLines } from '../../core/bytes/first-lines';
import type { Artefact } from '../../core/sidecars/artefact';
import type { Evidence } from '../../core/sidecars/walk';
import type { ChainCheck, RecordEdge, SegmentCheck } from '../../core/chain/check';
import type { FormatId, Hasher } from '../../core/chain/format';
import { joinSegments, verdictOf } from '../../core/chain/join';
import { type InPeriod, createPeriodWalk } from '../../core/chain/period-walk';
import type { AskedRange } from '../../core/chain/validation-summary';
import type { OriginalFinding } from '../../core/chain/original';
import type { Problem, ProblemCode, ProblemCounts } from '../../core/chain/problem';
import { hashesToSight } from '../../core/chain/sightings';
import { worst } from '../../core/chain/verdict';
import { AppError } from '../../core/errors';
import { FORMATS, formatById, formatOfAny, recogniseFormat } from '../../core/formats';
import { formatBySidecars, judgeBeside } from './judge-beside';
import type { LogSource } from './log-source';
import { mergeProblems } from './merge-problems';

/** Problems of segments that are held; when a log has more, its segments are read again to tell them all. */
const HELD_PROBLEMS = 20_000;

export type VerifiedLog = Omit<ChainCheck, 'jointProblems'> & {
  /** Null for an empty log whose format was not named. */
  format: FormatId | null;
  /** Null when the log is too long to be followed unasked, has no format, or one without a verifier of its own. */
  original: OriginalFinding | null;
  /** The record the chain ends in, with the writer's own number; null when there is none. */
  last: Pick<RecordEdge, 'record' | 'sequence'> | null;
  lines: number;
  chainedRecords: number;
  /** Of each file of a rotated log, oldest first; of any other log one. */
  files: { sizeBytes: number; lines: number; records: number }[];
  /** What of it lies in the period asked for; null when none was. */
  inPeriod: InPeriod | null;
  /** What lies beside the log, and its signatures, as far as a key was given. */
  artefacts: Artefact[];
  /** All problems in file order, from the first each time. The source must still be open. */
  problems(): AsyncIterable<Problem>;
};

export type VerifyLogOptions = { format?: FormatId; heldProblems?: number; /** What the log is held against; nothing when left out. */ beside?: { evidence: Evidence; hasher: Hasher }; /** What of the log is to be counted by itself. */ period?: AskedRange & { hasher: Hasher } };

/**
 * Checks one log, and what lies beside it: no witness of ours is asked. `heldProblems` bounds what is held in memory, whatever is found.
 * @throws AppError UNREADABLE_BODY, UNKNOWN_FORMAT.
 */
export async function verifyLog(source: LogSource, { format: asked, heldProblems = HELD_PROBLEMS, beside, period }: VerifyLogOptions = {}): Promise<VerifiedLog> {
  const head = await source.head();
  const lines = firstLines(head.bytes, head.complete);
  const other = noLog(head.bytes);
  if (other) throw new AppError('UNKNOWN_FORMAT', `cannot be checked: this is ${other.what}; ${other.advice}`, { byteOffset: 0 });
  const recognised = asked ?? recogniseFormat(lines);
  const formatId = recognised ?? (lines.length === 0 && head.complete ? formatBySidecars(beside?.evidence.sidecars ?? []) : null);
  if (!formatId && (lines.length > 0 || !head.complete)) throw notRecognised(lines.length);
  const format = formatOfAny(formatId);

  const original = formatId ? source.original(formatId) : async () => null;
  const checks: SegmentCheck[] = [];
  const held: Problem[] = [];
  let all = true;
  const place = placer();
  let last: VerifiedLog['last'] = null;
  let records = 0;
  const files: VerifiedLog['files'] = [];
  for await (const { check, problems, file = 0 } of source.segments(format.id, () => heldProblems + 1 - held.length)) {
    const placed = place(check);
    for (const problem of problems) {
      if (held.length < heldProblems) held.push(placed(problem));
      else all = false;
    }
    if (check.last) last = { record: records + check.last.record, sequence: check.last.sequence };
    records += check.records;
    checks.push(check);
    const tally = (files[file] ??= { sizeBytes: 0, lines: 0, records: 0 });
    tally.sizeBytes += check.sizeBytes;
    tally.lines += check.lines;
    tally.records += check.records;
  }
  const wanted = hashesToSight(checks);
  const sightings = wanted.size > 0 ? await source.sight(format.id, wanted, checks) : undefined;
  const { jointProblems, ...joined } = joinSegments(format, checks, [], { sightings });
  const followed = await original();
  const besides = formatId && beside ? await judgeBeside(source, formatId, beside.evidence, { hasher: beside.hasher, original: followed !== null }) : null;
  const ofChain = [...jointProblems, ...(besides?.problems ?? [])];

  async function* again(): AsyncGenerator<Problem> {
    const place = placer();
    for await (const { check, problems } of source.segments(format.id, () => Infinity)) yield* problems.map(place(check));
  }
  return {
    ...joined,
    verdict: worst(joined.verdict, verdictOf(besides?.problemCounts ?? {})),
    problemCounts: sum(joined.problemCounts, besides?.problemCounts ?? {}),
    format: formatId,
    original: besides?.original ?? followed,
    last,
    lines: checks.reduce((sum, check) => sum + check.lines, 0),
    chainedRecords: checks.reduce((sum, check) => sum + check.chainedRecords, 0),
    problems: () => mergeProblems(all ? held : resumed(held, again), ofChain),
    files,
    artefacts: besides?.artefacts ?? [],
    inPeriod: formatId && period ? await countPeriod(source, formatId, period) : null,
  };
}

async function countPeriod(source: LogSource, formatId: FormatId, { hasher, ...asked }: AskedRange & { hasher: Hasher }): Promise<InPeriod> {
  const walk = createPeriodWalk(formatById(formatId), hasher, asked);
  for (const file of source.files()) {
    for await (const chunk of file) walk.push(chunk);
    walk.endFile();
  }
  return walk.end();
}

function sum(counts: ProblemCounts, more: ProblemCounts): ProblemCounts {
  const total = { ...counts };
  for (const [code, count] of Object.entries(more) as [ProblemCode, number][]) total[code] = (total[code] ?? 0) + count; // keys of our own type
  return total;
}

/** Those that are held, then those behind them: who stops early has nothing read again. */
async function* resumed(held: readonly Problem[], again: () => AsyncIterable<Problem>): AsyncGenerator<Problem> {
  yield* held;
  let behind = held.length;
  for await (const problem of again()) {
    if (behind > 0) behind -= 1;
    else yield problem;
  }
}

/** Gives, segment after segment, what places its problems in the chain. */
function placer(): (check: SegmentCheck) => (problem: Problem) => Problem {
  const base = { record: 0, line: 0, byteOffset: 0 };
  return (check) => {
    const at = { ...base };
    base.record += check.records;
    base.line += check.lines;
    base.byteOffset += check.sizeBytes;
    return (problem) => ({ ...problem, record: at.record + problem.record, line: at.line + problem.line, byteOffset: at.byteOffset + problem.byteOffset });
  };
}

function notRecognised(lines: number): AppError {
  const what = lines > 1 ? `its first ${lines} lines look` : 'its first line looks';
  return new AppError('UNKNOWN_FORMAT', `is of no known format: ${what} like none of the formats known here: ${FORMATS.map(({ label }) => label).join(', ')}. Name it with --format if it is one of them`, { line: 1, byteOffset: 0 });
}
