import type { Problem, ProblemCode, ProblemCounts } from './problem';
import type { TimeGap, Times } from './time-gaps';
import type { Verdict } from './verdict';

/** Where a line lies. */
export type Place = {
  /** 0-based ordinal of the record; for a line that is no record, the ordinal the next record has. */
  record: number;
  /** 1-based. */
  line: number;
  byteOffset: number;
  byteLength: number;
};

/** What checking one segment alone gives. Positions are relative to the segment. Plain JSON: it is stored as is. */
export type SegmentCheck = {
  records: number;
  lines: number;
  sizeBytes: number;
  /** Records that carry a hash. */
  chainedRecords: number;
  /** Records whose hash covers their content. */
  validRecords: number;
  first: RecordEdge | null;
  last: RecordEdge | null;
  /** Smallest and largest stated times, RFC 3339 UTC. */
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
  times: Times;
  /** Ends without a newline. */
  openTail: boolean;
  /** Of what the segment shows by itself. Links that lead out of it, blank lines, CR LF and records before a chain are counted when it is joined. */
  problemCounts: ProblemCounts;
  /** Records without a hash before the first chained record; all of them when there is none. The first 1,000 are placed. */
  leadingUnchained: { count: number; places: Place[] };
  /** Bytes that are no record lie before the first chained record, or anywhere when there is none. */
  leadingDamage: boolean;
  /** What follows the last chained record. */
  trailing: { damage: boolean; unchained: boolean };
  /** The newest record of the segment whose hash covers its content. */
  lastValid: Tip | null;
  /** Chained records that hold by themselves and do not name the chained record directly before them, so the first of the segment as a rule. The first 10,000. */
  openLinks: OpenLink[];
  openLinksBeyond: number;
  blankLines: { count: number; first: Place } | null;
  crlfLines: { count: number; first: Place } | null;
};

/** A chained record at the edge of a segment: what the boundary to its neighbour is checked with. */
export type RecordEdge = Place & {
  hash: string;
  prev: string | null;
  sequence: number | null;
  /** Its own hash as recomputed, when that is another. Null when it holds. */
  altered: { computed: string | null } | null;
  /** The number it should have by its predecessor, when it has another. */
  due?: number;
};

/** A record others may name as their predecessor. */
export type Tip = { record: number; hash: string; sequence: number | null };

/** A link that needs checking, with what its own segment knows of it. Ordinals are relative to the segment. */
export type OpenLink = RecordEdge & {
  /** The chained record directly before it in the segment. */
  before: RecordEdge | null;
  /** The newest record before it, in the segment, whose hash covers its content. */
  lastValid: Tip | null;
  /** It names the beginning of a chain. */
  atGenesis: boolean;
  /** Between it and the chained record before it lie bytes that are no record. */
  afterDamage: boolean;
  /** Between it and the chained record before it lie records without a hash. */
  afterUnchained: boolean;
  /** Earlier record with the same hash. */
  duplicateOf: number | null;
  /** Record, earlier or later, that has the hash it names as predecessor. */
  predecessor: number | null;
  /** Another, earlier record that names the same predecessor and whose hash covers its content. */
  rival: number | null;
};

/** A head we accepted before: the witness. */
export type WitnessedHead = { records: number; sizeBytes: number; hash: string; observedAt: string };

/** What joining the checks of a chain's segments gives. Positions are relative to the chain. */
export type ChainCheck = {
  verdict: Verdict;
  records: number;
  validRecords: number;
  sizeBytes: number;
  head: string | null;
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
  /** The longest gaps in time, longest first. */
  timeGaps: TimeGap[];
  /** Where time goes back by a second or more, and the largest of these. */
  timeSteps: { count: number; largest: TimeGap[] };
  /** Records that state no time that can be read, and the ordinal of the first: no period holds them, and no rule over time sees them. */
  untimed: { count: number; first: number | null };
  /** Problems of links, boundaries and the witness; those a segment shows by itself stay with it. */
  boundaryProblems: Problem[];
  /** Of everything: segments and boundaries. */
  problemCounts: ProblemCounts;
};

/** Codes of lines that hold a record and something else. */
const PARTED: readonly ProblemCode[] = ['missing-newline', 'glued-line', 'zero-bytes'];

/** Whether no line holds more than one record, or one beside bytes that are none. */
export function isPlain(counts: ProblemCounts): boolean {
  return PARTED.every((code) => !counts[code]);
}

/** Whether every line that is not blank is one record, so that none has to be parsed to find them. */
export function hasOneRecordALine({
  records,
  lines,
  blankLines,
  problemCounts,
}: Pick<SegmentCheck, 'records' | 'lines' | 'blankLines' | 'problemCounts'>): boolean {
  return records + (blankLines?.count ?? 0) === lines && isPlain(problemCounts);
}
