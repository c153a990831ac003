import 'server-only';
import { MAX_LINE_BYTES } from '../core/bytes/limits';
import { endOfLines, endsInNewline, withoutLineEnd } from '../core/bytes/newline';
import type { ChainFormat, CheckedRecord, Hasher } from '../core/chain/format';
import { recordSpans } from '../core/chain/line-records';
import { type EvidenceStore, readObject } from '../evidence/store';

/** The first record of some lines. */
export function firstRecord(format: ChainFormat, hasher: Hasher, lines: readonly Uint8Array[]): CheckedRecord | null {
  for (const line of lines) {
    const [first] = recordSpans(format, hasher, line);
    const checked = first && format.check(line.subarray(first.from, first.to), hasher);
    if (checked?.kind === 'record') return checked;
  }
  return null;
}

/** The last record of a segment; null when the segment ends without a newline or in something that is no record. */
export async function lastRecord(
  evidence: EvidenceStore,
  format: ChainFormat,
  hasher: Hasher,
  segment: { digest: string; size_bytes: number },
): Promise<CheckedRecord | null> {
  for (let windowBytes = 64 * 1024; ; windowBytes *= 16) {
    const from = Math.max(0, segment.size_bytes - Math.min(windowBytes, MAX_LINE_BYTES + 1));
    const tail = await readObject(evidence, segment.digest, { from, to: segment.size_bytes });
    if (!endsInNewline(tail)) return null;
    const start = endOfLines(tail, tail.length - 1);
    if (start === 0 && from > 0 && windowBytes <= MAX_LINE_BYTES) continue;
    const line = withoutLineEnd(tail.subarray(start));
    const last = recordSpans(format, hasher, line).at(-1);
    const checked = last?.to === line.length ? format.check(line.subarray(last.from), hasher) : null;
    return checked?.kind === 'record' ? checked : null;
  }
}
