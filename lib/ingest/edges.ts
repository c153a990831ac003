import 'server-only';
import type { ChainFormat, CheckedRecord, Hasher } from '../core/chain/format';
import { recordSpans } from '../core/chain/line-records';
import { type EvidenceStore, readObject } from '../evidence/store';
import { MAX_LINE_BYTES } from './limits';

/** The first lines of a log's first bytes; the last one only when it is complete or the log ends there. */
export function firstLines(head: Buffer, complete: boolean): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < head.length && lines.length < 64; ) {
    const newline = head.indexOf(0x0a, at);
    if (newline === -1 && !complete) break;
    const end = newline === -1 ? head.length : newline;
    const line = head.subarray(at, end > at && head[end - 1] === 0x0d ? end - 1 : end);
    if (line.length > 0) lines.push(line);
    at = end + 1;
  }
  return lines;
}

/** The first record of some lines. */
export function firstRecord(format: ChainFormat, hasher: Hasher, lines: readonly Buffer[]): CheckedRecord | null {
  for (const line of lines) {
    const [first] = recordSpans(format, hasher, line);
    const checked = first && format.check(line.subarray(first.from, first.to), hasher);
    if (checked?.kind === 'record') return checked;
  }
  return null;
}

/** The last record of a segment; null when the segment ends without a newline or in something that is no record. */
export async function lastRecord(evidence: EvidenceStore, format: ChainFormat, hasher: Hasher, segment: { digest: string; size_bytes: number }): Promise<CheckedRecord | null> {
  for (let windowBytes = 64 * 1024; ; windowBytes *= 16) {
    const from = Math.max(0, segment.size_bytes - Math.min(windowBytes, MAX_LINE_BYTES + 1));
    const tail = await readObject(evidence, segment.digest, { from, to: segment.size_bytes });
    if (tail.at(-1) !== 0x0a) return null;
    const start = tail.lastIndexOf(0x0a, tail.length - 2);
    if (start === -1 && from > 0 && windowBytes <= MAX_LINE_BYTES) continue;
    const end = tail.at(-2) === 0x0d ? -2 : -1;
    const line = tail.subarray(start + 1, tail.length + end);
    const last = recordSpans(format, hasher, line).at(-1);
    const checked = last?.to === line.length ? format.check(line.subarray(last.from), hasher) : null;
    return checked?.kind === 'record' ? checked : null;
  }
}
