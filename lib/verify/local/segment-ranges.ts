import 'server-only';
import { endOfSegment } from '../../core/bytes/newline';
import { SEGMENT_TARGET_BYTES } from '../../core/bytes/limits';
import { type ByteRange, readRange } from './byte-range';

const WINDOW_BYTES = 64 * 1024;

/**
 * Cuts a file where the evidence store cuts an upload of the same bytes: after the first newline at or past the target size.
 * Reads a few bytes around each cut. At least one range, which is empty for an empty file.
 */
export function segmentRanges(path: string, sizeBytes: number, targetBytes = SEGMENT_TARGET_BYTES): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (let from = 0; from < sizeBytes || ranges.length === 0; ) {
    const to = from + targetBytes >= sizeBytes ? sizeBytes : endOf(path, from, sizeBytes, targetBytes);
    ranges.push({ path, from, to });
    from = to;
  }
  return ranges;
}

/** Where the segment that begins at `from` ends; the end of the file when it goes on to there. */
function endOf(path: string, from: number, sizeBytes: number, targetBytes: number): number {
  for (let at = from + targetBytes - 1; at < sizeBytes; at += WINDOW_BYTES) {
    let end = 0;
    let seen = at;
    readRange({ path, from: at, to: Math.min(sizeBytes, at + WINDOW_BYTES) }, (chunk) => {
      const behind = end === 0 ? endOfSegment(chunk, seen - from, targetBytes) : 0;
      if (behind !== 0) end = seen + behind;
      seen += chunk.length;
    });
    if (end !== 0) return end;
  }
  return sizeBytes;
}
