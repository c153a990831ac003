import type { FileHandle } from 'node:fs/promises';
import { endsInNewline } from '../core/bytes/newline';
import type { FormatId, Hasher } from '../core/chain/format';
import { lastRecordOf } from './last-record';
import { bytesAt, type Print, printsUpTo } from './print';
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

/**
 * The prints of the file's first `at` bytes where they end as the chain does, else null.
 * @throws when the file was emptied and went on while it was read: they would be of other bytes.
 */
export async function printsOfEnd(
  handle: FileHandle,
  at: number,
  end: { head: string | null; format: FormatId | null; hasher: Hasher },
): Promise<{ start: Print; recent: Print } | null> {
  if (!(await endsAt(handle, at, end))) return null;
  const prints = await printsUpTo(handle, at);
  if (!(await endsAt(handle, at, end))) throw new Error('the log is being rotated');
  return prints;
}
