import 'server-only';
import { noLog } from '../../core/bytes/no-log';
import { firstLines } from '../../core/bytes/first-lines';
import type { CheckedSidecar } from '../../core/sidecars/sidecar';
import type { SidecarInputs } from '../../core/sidecars/walk';
import type { ChainCheck, RecordEdge, SegmentCheck } from '../../core/chain/check';
import type { FormatId, Hasher, KnownFormat } from '../../core/chain/format';
import { joinSegments, verdictOf } from '../../core/chain/join';
import { type InPeriod, createPeriodWalk } from '../../core/chain/period-walk';
import type { LineWatch } from '../../core/chain/line-watch';
import type { RequestedRange } from '../../core/chain/validation-summary';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import type { Problem } from '../../core/chain/problem';
import { createBefore, ordinalAfter, offsetBy, sumCounts } from '../../core/chain/offsets';
import { worst } from '../../core/chain/verdict';
import { AppError } from '../../core/errors';
import { FORMATS, formatById, formatOfAny, recogniseFormat } from '../../core/formats';
import { hasherFor } from '../../crypto/hasher';
import { checkLog } from '../log/check-log';
import { type CanonicalPart, createFollower, eachByItself } from '../log/follow-reference';
import { headOfLog } from '../log/head';
import { locateHashes } from '../log/locate-hashes';
import type { LogSource } from '../log/log-source';
import { formatBySidecars, verifySidecars } from './verify-sidecars';
import { mergeProblems } from './merge-problems';

/** Problems of segments that are held; when a log has more, its segments are read again to tell them all. */
const HELD_PROBLEMS = 20_000;

export type VerifiedLog = Omit<ChainCheck, 'boundaryProblems'> & {
  /** Null for an empty log whose format was not named. */
  format: FormatId | null;
  /** Null when too much of the log has to be followed line by line to do it unasked, or it has no format, or one without a verifier of its own. */
  referenceVerifier: ReferenceFinding | null;
  /** The record the chain ends in, with the writer's own number; null when there is none. */
  last: Pick<RecordEdge, 'record' | 'sequence'> | null;
  lines: number;
  chainedRecords: number;
  /** Of each file of a rotated log, oldest first; of any other log one. */
  files: { sizeBytes: number; lines: number; records: number }[];
  /** What of it lies in the period asked for; null when none was. */
  inPeriod: InPeriod | null;
  /** What lies beside the log, and its signatures, as far as a key was given. */
  checkedSidecars: CheckedSidecar[];
  /** All problems in file order, from the first each time. The source must still be open. */
  problems(): AsyncIterable<Problem>;
};

/** `small`: up to 64 MiB of what has to be followed line by line, as that takes many times as long as checking. Canonical records need not be. */
export type FollowReference = 'small' | 'always';
const SMALL_BYTES = 64 * 1024 * 1024;

export type VerifyLogOptions = {
  referenceVerifier: FollowReference;
  format?: FormatId;
  segmentBytes?: number;
  heldProblems?: number;
  /** What the log is compared with; nothing when left out. */
  evidence?: SidecarInputs | null;
  /** What of the log is to be counted by itself. */
  period?: RequestedRange;
};

/**
 * Checks one log, and what lies beside it: no witness of ours is asked. `heldProblems` bounds what is held in memory, whatever is found.
 * @throws AppError UNREADABLE_BODY, UNKNOWN_FORMAT.
 */
export async function verifyLog(
  source: LogSource,
  {
    referenceVerifier: follow,
    format: requested,
    segmentBytes,
    heldProblems = HELD_PROBLEMS,
    evidence = null,
    period,
  }: VerifyLogOptions,
): Promise<VerifiedLog> {
  const formatId = await formatOf(source, requested, evidence);
  const format = formatOfAny(formatId);
  const hasher = await hasherFor(format);
  const reference = formatId
    ? followFiles(source, format, { hasher, mostBytes: follow === 'always' ? Infinity : SMALL_BYTES })
    : null;
  const checks: SegmentCheck[] = [];
  const held: Problem[] = [];
  let all = true;
  const nextBefore = createBefore();
  let last: VerifiedLog['last'] = null;
  const files: VerifiedLog['files'] = [];
  const options = { format, hasher, targetBytes: segmentBytes };
  for await (const { check, problems, file, canonical } of checkLog(source, {
    ...options,
    kept: () => heldProblems + 1 - held.length,
    watch: (file) => reference?.watch(file) ?? null,
  })) {
    const before = nextBefore(check);
    for (const problem of problems) {
      if (held.length < heldProblems) held.push(offsetBy(before, problem));
      else all = false;
    }
    if (check.last) last = { record: ordinalAfter(before, check.last.record), sequence: check.last.sequence };
    checks.push(check);
    const tally = (files[file] ??= { sizeBytes: 0, lines: 0, records: 0 });
    for (const { from, to, ...run } of canonical ?? [])
      reference?.note(file, { ...run, from: tally.sizeBytes + from, to: tally.sizeBytes + to });
    tally.sizeBytes += check.sizeBytes;
    tally.lines += check.lines;
    tally.records += check.records;
  }
  const { boundaryProblems, ...joined } = joinSegments(format, checks, [], {
    hashLocations: await locateHashes(source, { format, hasher, checks }),
  });
  const followed = (await reference?.end()) ?? null;
  const sidecarCheck =
    formatId && evidence
      ? await verifySidecars(source, formatId, evidence, { hasher, referenceVerifier: followed !== null })
      : null;
  const ofChain = [...boundaryProblems, ...(sidecarCheck?.problems ?? [])];

  async function* again(): AsyncGenerator<Problem> {
    const nextBefore = createBefore();
    for await (const { check, problems } of checkLog(source, { ...options, kept: () => Infinity })) {
      const before = nextBefore(check);
      yield* problems.map((problem) => offsetBy(before, problem));
    }
  }
  return {
    ...joined,
    verdict: worst(joined.verdict, verdictOf(sidecarCheck?.problemCounts ?? {})),
    problemCounts: sumCounts(joined.problemCounts, sidecarCheck?.problemCounts ?? {}),
    format: formatId,
    referenceVerifier: sidecarCheck?.referenceVerifier ?? followed,
    last,
    lines: checks.reduce((sum, check) => sum + check.lines, 0),
    chainedRecords: checks.reduce((sum, check) => sum + check.chainedRecords, 0),
    problems: () => mergeProblems(all ? held : resumed(held, again), ofChain),
    files,
    checkedSidecars: sidecarCheck?.checkedSidecars ?? [],
    inPeriod: formatId && period ? await countPeriod(source, formatId, { hasher, ...period }) : null,
  };
}

/** Null for an empty log that nothing tells the format of. @throws AppError UNKNOWN_FORMAT. */
async function formatOf(
  source: LogSource,
  requested: FormatId | undefined,
  evidence: SidecarInputs | null,
): Promise<FormatId | null> {
  const head = await headOfLog(source.files);
  const lines = firstLines(head.bytes, head.complete);
  const other = noLog(head.bytes);
  if (other)
    throw new AppError('UNKNOWN_FORMAT', `cannot be checked: this is ${other.what}; ${other.advice}`, {
      byteOffset: 0,
    });
  const recognised = requested ?? recogniseFormat(lines);
  if (recognised) return recognised;
  if (lines.length > 0 || !head.complete) throw notRecognised(lines.length);
  return formatBySidecars(evidence?.sidecars ?? []);
}

/** Follows the format's own verifier down each file: on its lines as they are checked, or behind the check, where the file is scanned elsewhere. */
function followFiles(
  { files }: LogSource,
  format: KnownFormat,
  { hasher, mostBytes }: { hasher: Hasher; mostBytes: number },
): {
  watch(file: number): LineWatch | null;
  note(file: number, part: CanonicalPart): void;
  end(): Promise<ReferenceFinding | null>;
} {
  const followed = files.map(({ scans }) => {
    const parts: CanonicalPart[] = [];
    if (scans) {
      const follow = () => scans.follow(format.id, parts, mostBytes);
      const begun = format.referenceVerifier && !format.fastpath?.canonical ? follow() : null;
      begun?.catch(() => undefined); // told when it is asked for
      return { parts, follower: null, end: async () => (format.referenceVerifier ? (begun ?? follow()) : null) };
    }
    const walk = format.referenceVerifier?.(hasher);
    const follower = walk ? createFollower(walk, { maxBytes: mostBytes }) : null;
    return { parts, follower, end: async () => follower?.end() ?? null };
  });
  return {
    watch: (file) => followed[file]?.follower ?? null,
    note: (file, part) => followed[file]?.parts.push(part),
    end: async () => eachByItself(files, await Promise.all(followed.map(({ end }) => end()))),
  };
}

async function countPeriod(
  { files }: LogSource,
  formatId: FormatId,
  { hasher, ...requested }: RequestedRange & { hasher: Hasher },
): Promise<InPeriod> {
  const walk = createPeriodWalk(formatById(formatId), hasher, requested);
  for (const file of files) {
    for await (const chunk of file.open()) walk.push(chunk);
    walk.endFile();
  }
  return walk.end();
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

function notRecognised(lines: number): AppError {
  const what = lines > 1 ? `its first ${lines} lines look` : 'its first line looks';
  return new AppError(
    'UNKNOWN_FORMAT',
    `is of no known format: ${what} like none of the formats known here: ${FORMATS.map(({ label }) => label).join(', ')}. Name it with --format if it is one of them`,
    { line: 1, byteOffset: 0 },
  );
}
