import { firstLines } from '../core/bytes/first-lines';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { FormatId, Hasher } from '../core/chain/format';
import { formatById, recogniseFormat } from '../core/formats';

/** The format of whole lines; null when it is none known here. */
export function formatOf(lines: Uint8Array): FormatId | null {
  return recogniseFormat(firstLines(lines, false));
}

/** The last chained record in whole lines, and whether its hash covers it; null when there is none. */
export function lastRecordOf(format: FormatId | null, hasher: Hasher, lines: Uint8Array): { hash: string; isCovered: boolean } | null {
  if (!format) return null;
  const checker = createSegmentChecker(formatById(format), hasher);
  checker.push(lines);
  const { last } = checker.end().check;
  return last && { hash: last.hash, isCovered: last.altered === null };
}
