import type { FormatId, Hasher } from '../chain/format';
import { formatById } from '../formats';
import type { IsRecord } from './record-lines';

/** Tells records from other lines as the check of a segment does. */
export function recordTest(formatId: FormatId, hasher: Hasher): IsRecord {
  const format = formatById(formatId);
  return (line) => format.check(line, hasher).kind === 'record';
}
