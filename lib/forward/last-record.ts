import type { FormatId, Hasher } from '../core/chain/format';
import { formatById } from '../core/formats';
import { checkBytes } from '../verify/log/check-file';

/** The last chained record in whole lines, and whether its hash covers it; null when there is none. */
export function lastRecordOf(
  format: FormatId | null,
  hasher: Hasher,
  lines: Uint8Array,
): { hash: string; isCovered: boolean } | null {
  if (!format) return null;
  const { last } = checkBytes(lines, formatById(format), hasher).check;
  return last && { hash: last.hash, isCovered: last.altered === null };
}
