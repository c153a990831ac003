import type { SegmentCheck } from '../../core/chain/check';
import type { FormatId } from '../../core/chain/format';
import type { ReferenceFinding } from '../../core/chain/reference-verifier';
import type { Problem } from '../../core/chain/problem';
import type { HashLocations } from '../../core/chain/hash-locations';
import type { CanonicalPart } from './follow-reference';

/** One log, wherever its bytes lie: its file, or those that rotation made of it, oldest first. */
export type LogSource = { readonly files: readonly LogFile[] };

/** A file of a log, plain. What reading it throws is meant for people. */
export type LogFile = {
  /** As it is to be named to people. */
  readonly name: string;
  /** Its first bytes, enough to recognise the format by. */
  head(): Promise<Head>;
  /** Its bytes from the start. Can be called again. */
  open(): AsyncIterable<Uint8Array>;
  /** How it is scanned elsewhere than here, as on threads. */
  readonly scans?: Scans;
};

/** `complete` when there are no more bytes than these. */
export type Head = { bytes: Uint8Array; complete: boolean };

/** Each goes over the file in the segments that the server would cut, and gives what it finds in each, in order. */
type Scans = {
  /** Of the problems of each the first, as many as `kept` says when its turn comes. */
  check(format: FormatId, kept: () => number): AsyncIterable<CheckedSegment>;
  locate(format: FormatId, wanted: ReadonlySet<string>): AsyncIterable<Located>;
  /** What the format's own verifier says of the whole file, whose canonical parts are given; null when there is none, or more than `mostBytes` have to be followed line by line. */
  follow(format: FormatId, canonical: readonly CanonicalPart[], mostBytes: number): Promise<ReferenceFinding | null>;
};

/** A segment checked by itself. Places are relative to it. `canonical` are the parts that the format's own verifier passes over, where they were looked for. */
export type CheckedSegment = { check: SegmentCheck; problems: Problem[]; canonical?: CanonicalPart[] };

/** Where wanted hashes are in so many records, in ordinals relative to them. */
export type Located = { records: number; hashLocations: HashLocations };
