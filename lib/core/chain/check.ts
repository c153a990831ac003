import type { Problem, ProblemCounts } from './problem';
import type { ChainVerdict, Verdict } from './verdict';

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
  /** Ends without a newline. */
  openTail: boolean;
  problemCounts: ProblemCounts;
};

/** A chained record at the edge of a segment: what the joint to its neighbour is checked with. */
export type RecordEdge = {
  record: number;
  line: number;
  byteOffset: number;
  byteLength: number;
  hash: string;
  prev: string | null;
  sequence: number | null;
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
  /** Problems of the joints and of the witness; those inside segments stay with their segment. */
  jointProblems: Problem[];
  /** Of everything: segments and joints. */
  problemCounts: ProblemCounts;
};

export type { ChainVerdict };
