import 'server-only';
import { endOfLine } from '../../core/bytes/newline';
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
    const to = from + targetBytes >= sizeBytes ? sizeBytes : afterNewline(path, from + targetBytes - 1, sizeBytes);
    ranges.push({ path, from, to });
    from = to;
  }
  return ranges;
}

/** Behind the first newline at or past `from`; the end of the file when there is none. */
function afterNewline(path: string, from: number, sizeBytes: number): number {
  for (let at = from; at < sizeBytes; at += WINDOW_BYTES) {
    let behind: number | null = null;
    let seen = at;
    readRange({ path, from: at, to: Math.min(sizeBytes, at + WINDOW_BYTES) }, (chunk) => {
      const end = endOfLine(chunk);
      if (behind === null && end !== 0) behind = seen + end;
      seen += chunk.length;
    });
    if (behind !== null) return behind;
  }
  return sizeBytes;
}
