import type { Place, RecordEdge, SegmentCheck, Tip } from './check';
import { offsetBy, tipAfter } from './offsets';
import { NO_TIMES, type Times, mergeTimes } from './time-gaps';
import { earlier, later } from '../time';

type Tally = { count: number; first: Place | null };

/** What the segments of a chain joined so far come to. Positions are relative to the chain. */
export type JoinedSegments = {
  records: number;
  lines: number;
  sizeBytes: number;
  validRecords: number;
  /** The last chained record. */
  last: RecordEdge | null;
  lastValid: Tip | null;
  /** Behind the last chained record lie bytes that are no record, or records without a hash. */
  damage: boolean;
  unchained: boolean;
  /** Records without a hash before the chain begins. */
  prefix: Tally;
  blankLines: Tally;
  crlfLines: Tally;
  earliest: string | null;
  latest: string | null;
  times: Times;
};

export function emptyJoin(): JoinedSegments {
  return {
    records: 0,
    lines: 0,
    sizeBytes: 0,
    validRecords: 0,
    last: null,
    lastValid: null,
    damage: false,
    unchained: false,
    prefix: { count: 0, first: null },
    blankLines: { count: 0, first: null },
    crlfLines: { count: 0, first: null },
    earliest: null,
    latest: null,
    times: NO_TIMES,
  };
}

/** Adds what the next segment holds, behind what is there. */
export function addCheck(joined: JoinedSegments, check: SegmentCheck): void {
  if (check.last) {
    joined.last = offsetBy(joined, check.last);
    joined.damage = check.trailing.damage;
    joined.unchained = check.trailing.unchained;
    joined.lastValid = check.lastValid ? tipAfter(joined, check.lastValid) : joined.lastValid;
  }
  addTally(joined, joined.blankLines, check.blankLines);
  addTally(joined, joined.crlfLines, check.crlfLines);
  joined.earliest = earlier(joined.earliest, check.firstRecordedAt);
  joined.latest = later(joined.latest, check.lastRecordedAt);
  joined.times = mergeTimes(joined.times, joined.records, check.times);
  joined.records += check.records;
  joined.lines += check.lines;
  joined.sizeBytes += check.sizeBytes;
  joined.validRecords += check.validRecords;
}

function addTally(joined: JoinedSegments, tally: Tally, more: SegmentCheck['blankLines']): void {
  if (!more) return;
  tally.count += more.count;
  tally.first ??= offsetBy(joined, more.first);
}
