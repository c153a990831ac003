import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { isSameHash, leafHash } from '../core/merkle/hash';
import type { LogEntryKind } from '../db/log-tables';

const LoggedEntry = z.looseObject({ kind: z.string(), at: z.string() });
export type LoggedEntry = { index: number; about: string; said: z.infer<typeof LoggedEntry> };

/** What an entry of the transparency log says; null when it does not hash to its leaf, or is no entry of ours. */
export function readEntry({
  entry,
  leaf_hash: hash,
}: {
  entry: Buffer;
  leaf_hash: Buffer;
}): z.infer<typeof LoggedEntry> | null {
  if (!isSameHash(leafHash(entry), hash)) return null;
  try {
    return LoggedEntry.parse(JSON.parse(entry.toString('utf8')));
  } catch {
    return null; // which is told where the log is examined
  }
}

/** The entries of one kind that can be read, oldest first. */
export async function loggedEntries(ctx: Context, kind: LogEntryKind): Promise<LoggedEntry[]> {
  const rows = await ctx.db
    .selectFrom('log_entries')
    .select(['index', 'about', 'entry', 'leaf_hash'])
    .where('kind', '=', kind)
    .orderBy('index')
    .execute();
  return rows.flatMap((row) => {
    const said = readEntry(row);
    return said ? [{ index: row.index, about: row.about, said }] : [];
  });
}
