import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { isSameHash, leafHash } from '../core/merkle/hash';
import type { LogEntryKind } from '../db/log-tables';
import type { Reporter } from './drift';

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

/** What the log knows of one kind, held against rows: each row is in it, and each entry has its row. */
export async function heldAgainstLog(
  ctx: Context,
  report: Reporter,
  { kind, table, column, called }: { kind: LogEntryKind; table: string; column: string; called: string },
) {
  const lacking = new Set((await loggedEntries(ctx, kind)).map(({ about }) => about));
  const logged = new Set(lacking);
  return {
    /** `digest` is what an entry names a row by. */
    row(id: string, digest: string): void {
      lacking.delete(digest);
      if (logged.has(digest)) return;
      report.drift({
        kind: 'log-lacks',
        chain: null,
        what: `${called} ${id}`,
        expected: 'an entry',
        found: 'none',
        at: { table, row: id, column },
      });
    },
    /** Once every row was seen. */
    end(): void {
      for (const digest of lacking)
        report.drift({
          kind: 'row-missing',
          chain: null,
          what: `${table}: the ${called} of ${digest}, as the transparency log says`,
          expected: 'a row',
          found: 'none',
          at: { table, row: digest, column: '*' },
        });
    },
  };
}
