import type { FormatId, Hasher } from '../chain/format';
import { recordSpans } from '../chain/line-records';
import { formatById } from '../formats';
import type { RecordsIn } from './record-lines';

/** Tells records from other bytes as the check of a segment does. */
export function recordTest(formatId: FormatId, hasher: Hasher): RecordsIn {
  const format = formatById(formatId);
  return (line) => recordSpans(format, hasher, line);
}
