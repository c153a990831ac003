import type { Line } from '../bytes/lines';
import type { Run } from '../fastpath/scanner';
import { DIGEST_BYTES, digestAt } from './digest-bytes';
import type { CanonicalRun } from './reference-verifier';

/** Sees the lines of a log go by, in order: each by itself, or several at a time. */
export type LineWatch = {
  line(line: Line): void;
  /** Whole lines that begin at `byteOffset` of the stream; `canonical` when they are canonical records that follow one another. `bytes` is valid only during the call. */
  run(bytes: Uint8Array, byteOffset: number, canonical: CanonicalRun | null): void;
};

/** What is to be known of a run to pass over it; null when its records are not canonical. */
export function canonicalRun(run: Run): CanonicalRun | null {
  if (!run.canonical) return null;
  return {
    lines: run.count,
    units: run.units(),
    prev: run.prev,
    hash: digestAt(run.hashes, run.hashes.length - DIGEST_BYTES),
    firstSequence: run.sequenceAt(0),
    lastSequence: run.sequence,
  };
}
