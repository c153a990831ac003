import type { FileHandle } from 'node:fs/promises';
import { endsInNewline } from '../core/bytes/newline';
import type { FormatId, Hasher } from '../core/chain/format';
import { lastRecordOf } from './last-record';
import { bytesAt } from './print';
import { lastLines } from './read-lines';

/**
 * Whether the file's first `at` bytes end as the chain does: behind a newline, in a record of that hash which covers it. As the records are
 * chained, the hash speaks for all before it. Of a chain without any hash only the place is known.
 */
export async function endsAt(
  handle: FileHandle,
  at: number,
  { head, format, hasher }: { head: string | null; format: FormatId | null; hasher: Hasher },
): Promise<boolean> {
  if (at === 0) return head === null;
  if (!endsInNewline(await bytesAt(handle, at - 1, at))) return false;
  const last = lastRecordOf(format, hasher, await lastLines(handle, at));
  return last === null ? head === null : last.isCovered && last.hash === head;
}
