import 'server-only';
import { NEWLINE_BYTES } from '../core/bytes/newline';
import type { ChainSegmentsTable } from '../db/schema';
import { type EvidenceStore, readObject } from '../evidence/store';

/** Half-open, in bytes of the chain, without the newline of the last line in it. */
export type ByteRange = { from: number; to: number };

/** Bytes read at once; records further apart than this are read on their own. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const LINE_END = Buffer.from(NEWLINE_BYTES);

type Segment = Pick<ChainSegmentsTable, 'digest' | 'byte_offset' | 'size_bytes'>;

/**
 * The lines in `ranges`, which are in order and do not overlap, each range followed by one newline: what an excerpt of a chain consists of,
 * byte for byte. Memory is bounded by the window. A range may reach over several segments. @throws AppError EVIDENCE_MISSING.
 */
export async function* readRanges(
  evidence: EvidenceStore,
  segments: readonly Segment[],
  ranges: readonly ByteRange[],
): AsyncGenerator<Buffer, void, undefined> {
  let window: { from: number; bytes: Buffer } | null = null;
  for (const range of ranges) {
    for (let at = range.from; at < range.to; ) {
      if (!window || at < window.from || at >= window.from + window.bytes.length)
        window = await read(evidence, segments, at);
      const end = Math.min(range.to, window.from + window.bytes.length);
      yield window.bytes.subarray(at - window.from, end - window.from);
      at = end;
    }
    yield LINE_END;
  }
}

async function read(
  evidence: EvidenceStore,
  segments: readonly Segment[],
  at: number,
): Promise<{ from: number; bytes: Buffer }> {
  const segment = segments.find(({ byte_offset: offset, size_bytes: size }) => offset <= at && at < offset + size);
  if (!segment) throw new RangeError(`byte ${at} lies in none of the segments`);
  const from = at - segment.byte_offset;
  return {
    from: at,
    bytes: await readObject(evidence, segment.digest, { from, to: Math.min(segment.size_bytes, from + WINDOW_BYTES) }),
  };
}
