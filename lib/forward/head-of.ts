import { createSegmentChecker } from '../core/chain/check-segment';
import type { FormatId, Hasher } from '../core/chain/format';
import { createLineSplitter } from '../core/chain/lines';
import { formatById, recogniseFormat } from '../core/formats';

/** Lines a format is recognised by. */
const SAMPLE_LINES = 64;

/** The format of whole lines; null when it is none known here. */
export function formatOf(lines: Uint8Array): FormatId | null {
  const sample: Uint8Array[] = [];
  const splitter = createLineSplitter(({ bytes }) => {
    if (bytes.length > 0 && sample.length < SAMPLE_LINES) sample.push(bytes.slice());
  });
  splitter.push(lines);
  return recogniseFormat(sample);
}

/** The last chained record in whole lines, and whether its hash covers it; null when there is none. */
export function lastRecordOf(format: FormatId | null, hasher: Hasher, lines: Uint8Array): { hash: string; isCovered: boolean } | null {
  if (!format) return null;
  const checker = createSegmentChecker(formatById(format), hasher);
  checker.push(lines);
  const { last } = checker.end().check;
  return last && { hash: last.hash, isCovered: last.altered === null };
}
