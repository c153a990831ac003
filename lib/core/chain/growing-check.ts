import { DIGEST_BYTES, digestAt } from './digest-bytes';
import type { Place, RecordEdge, SegmentCheck } from './check';
import type { ChainFormat, CheckedRecord } from './format';
import { type LinkIndex, type PendingLink, createLinkIndex } from './link-facts';
import { isFollowedBy, sequenceProblem } from './predecessor';
import { type ProblemList, createProblemList } from './problem-list';
import type { Problem } from './problem';
import type { Run } from '../fastpath/scanner';
import { NO_TIMES } from './time-gaps';
import { type TimeRange, createTimeRange } from './time-range';

const MAX_OPEN_LINKS = 10_000;
const MAX_LEADING_PLACES = 1_000;

/** The check of a segment while its lines are read. Positions are relative to the segment. */
export type GrowingCheck = {
  format: ChainFormat;
  check: SegmentCheck;
  found: ProblemList;
  index: LinkIndex;
  times: TimeRange;
  pending: (PendingLink & { at: number })[];
  /** The last record is among the pending. */
  lastIsOpen: boolean;
};

export function beginCheck(format: ChainFormat): GrowingCheck {
  const found = createProblemList();
  return {
    format,
    check: {
      records: 0,
      lines: 0,
      sizeBytes: 0,
      chainedRecords: 0,
      validRecords: 0,
      first: null,
      last: null,
      firstRecordedAt: null,
      lastRecordedAt: null,
      times: NO_TIMES,
      openTail: false,
      problemCounts: found.counts,
      leadingUnchained: { count: 0, places: [] },
      leadingDamage: false,
      trailing: { damage: false, unchained: false },
      lastValid: null,
      openLinks: [],
      openLinksBeyond: 0,
      blankLines: null,
      crlfLines: null,
    },
    found,
    index: createLinkIndex(),
    times: createTimeRange(),
    pending: [],
    lastIsOpen: false,
  };
}

export function addDamage({ check, found }: GrowingCheck, code: Problem['code'], place: Place, message: string): void {
  found.add(code, place, { message });
  if (check.last) check.trailing.damage = true;
  else check.leadingDamage = true;
}

export function addRecord(growing: GrowingCheck, record: CheckedRecord, place: Place): void {
  growing.times.noteText(record.recordedAt, place.record);
  for (const note of record.notes) growing.found.add(note.code, place, note);
  if (record.hash === null) addUnchained(growing, place);
  else addChained(growing, record, record.hash, place);
  growing.check.records += 1;
}

function addUnchained({ check, found }: GrowingCheck, place: Place): void {
  if (check.last) {
    found.add('missing-hash', place, {
      message:
        'The record carries no hash although the chain had begun: it was added by hand, or its hash was removed.',
    });
    check.trailing.unchained = true;
    return;
  }
  check.leadingUnchained.count += 1;
  if (check.leadingUnchained.places.length < MAX_LEADING_PLACES) check.leadingUnchained.places.push(place);
}

function addChained(
  growing: GrowingCheck,
  { computed, prev, sequence, mismatch }: CheckedRecord,
  hash: string,
  place: Place,
): void {
  const { check, found, index } = growing;
  const valid = computed === hash && !mismatch;
  const edge: RecordEdge = { ...place, hash, prev, sequence, altered: valid ? null : { computed } };
  if (!valid)
    found.add(
      'hash-mismatch',
      place,
      mismatch ?? {
        expected: hash,
        found: computed,
        message: 'The content does not match the hash stored with it: the record was changed after it was written.',
      },
    );
  const at = index.add(place.record, hash, prev, valid);
  const before = check.last;
  const isOpen = valid && !(before && isFollowedBy(before, prev) && isNumberedFrom(growing, before, edge));
  if (isOpen) addOpenLink(growing, edge, at);
  growing.lastIsOpen = isOpen;
  check.first ??= edge;
  check.last = edge;
  check.trailing = { damage: false, unchained: false };
  check.chainedRecords += 1;
  if (!valid) return;
  check.validRecords += 1;
  check.lastValid = { record: place.record, hash, sequence };
}

function addOpenLink({ format, check, pending }: GrowingCheck, edge: RecordEdge, at: number): void {
  if (pending.length >= MAX_OPEN_LINKS) {
    check.openLinksBeyond += 1;
    return;
  }
  const { damage, unchained } = check.last
    ? check.trailing
    : { damage: check.leadingDamage, unchained: check.leadingUnchained.count > 0 };
  pending.push({
    ...edge,
    at,
    before: check.last,
    lastValid: check.lastValid,
    atGenesis: edge.prev === format.genesis,
    afterDamage: damage,
    afterUnchained: unchained,
  });
}

/** Whether the number follows, or does not and is told here; not so when the number before it is itself to be checked by the joining. */
function isNumberedFrom({ format, found, lastIsOpen }: GrowingCheck, before: RecordEdge, edge: RecordEdge): boolean {
  if (format.firstSequence === null || before.altered) return true;
  const problem = sequenceProblem(before.sequence, before.due, edge.sequence);
  if (!problem) return true;
  if (lastIsOpen) return false;
  found.add('sequence-mismatch', edge, problem);
  edge.due = Number(problem.expected);
  return true;
}

/** The record that a run may follow: nothing is to be told of it but that it is there. */
export function plainLast({ check: { last, trailing } }: GrowingCheck): RecordEdge | null {
  return !last || last.altered || last.due !== undefined || trailing.damage || trailing.unchained ? null : last;
}

/** Adds records as their writer left them, the first of which is on `line` and follows `before`. `chunkOffset` is where their chunk begins. */
export function addRun(growing: GrowingCheck, before: RecordEdge, run: Run, line: number, chunkOffset: number): void {
  const { check, index, times } = growing;
  index.addRun(check.records, run.hashes);
  times.recordRun(run.times, check.records);
  const [record, hash] = [check.records + run.count - 1, digestAt(run.hashes, run.hashes.length - DIGEST_BYTES)];
  check.last = {
    record,
    line: line + run.count - 1,
    byteOffset: chunkOffset + run.lastFrom,
    byteLength: run.lastTo - run.lastFrom,
    hash,
    prev: run.count === 1 ? before.hash : digestAt(run.hashes, run.hashes.length - 2 * DIGEST_BYTES),
    sequence: run.sequence,
    altered: null,
  };
  check.lastValid = { record, hash, sequence: run.sequence };
  check.lines = check.last.line;
  check.openTail = false;
  check.records += run.count;
  check.chainedRecords += run.count;
  check.validRecords += run.count;
  growing.lastIsOpen = false;
}

export function endCheck({ check, found, index, times, pending }: GrowingCheck): {
  check: SegmentCheck;
  problems: Problem[];
} {
  check.openLinks = index.explain(pending);
  const { earliest, latest, ...stated } = times.end();
  check.firstRecordedAt = earliest;
  check.lastRecordedAt = latest;
  check.times = stated;
  return { check, problems: found.problems };
}
