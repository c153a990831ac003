import type { SegmentCheck } from '../../core/chain/check';
import type { FormatId } from '../../core/chain/format';
import type { OriginalFinding } from '../../core/chain/original';
import type { Problem } from '../../core/chain/problem';
import type { Sightings } from '../../core/chain/sightings';

export type CheckedSegment = { check: SegmentCheck; problems: Problem[]; /** Of a rotated log, which of its files; 0 when left out. */ file?: number };

/** The bytes of one log, wherever they come from, cut into the segments the server would cut. Everything throws AppError UNREADABLE_BODY. */
export type LogSource = {
  /** Its first bytes, enough to recognise the format; `complete` when there are no more. */
  head(): Promise<{ bytes: Uint8Array; complete: boolean }>;
  /** Call before `segments`, once; ask what it gives after them. Null when the format has no such verifier, or the log is too long for it to be followed unasked. */
  original(format: FormatId): () => Promise<OriginalFinding | null>;
  /** Checks the segments in order. Gives the first problems of each, as many as `placed` says when it begins. Can be called again. */
  segments(format: FormatId, placed: () => number): AsyncIterable<CheckedSegment>;
  /** Where in the chain the wanted hashes are; reads everything again. `checks` are those of all segments. */
  sight(format: FormatId, wanted: ReadonlySet<string>, checks: readonly SegmentCheck[]): Promise<Sightings>;
  /** The plain bytes of its file, or of each of its files, from the start. Call after `segments`. */
  files(): readonly AsyncIterable<Uint8Array>[];
};

/** `small`: of logs up to 64 MiB, as following the original takes many times as long as checking. */
export type FollowOriginal = 'small' | 'always';
export const SMALL_BYTES = 64 * 1024 * 1024;
