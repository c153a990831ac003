import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { leafHash } from '../../core/merkle/hash';
import { canonicalJson } from '../../core/statements/dsse';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';

/** What happened, as anyone may read it in the log: digests, ids and words of ours, never a name or content of a chain. */
export type LogEntry =
  | { kind: 'attestation'; attestationId: string; bundleSha256: string; predicateType: string }
  | { kind: 'revocation'; attestationId: string; bundleSha256: string; reason: string }
  | { kind: 'supersession'; attestationId: string; supersededBy: string }
  | { kind: 'package'; packageSha256: string }
  | { kind: 'report-run'; runSha256: string; bundleSha256: string }
  | { kind: 'tombstone'; tombstoneSha256: string }
  | { kind: 'key'; keyHint: string; publicKeySha256: string };

/** Entries are told with their length in two bytes, c2sp.org/tlog-tiles. */
const MAX_ENTRY_BYTES = 0xffff;

/**
 * Appends an entry to the transparency log, and queues its publication, in the caller's transaction: it is in the log when that commits,
 * and in no other case. Appends wait for one another until then. @throws AppError TOO_LARGE.
 */
export async function appendToLog(ctx: Context, tx: Tx, entry: LogEntry): Promise<{ index: number }> {
  const at = ctx.now();
  const bytes = Buffer.from(canonicalJson({ ...entry, at: at.toISOString() }));
  if (bytes.length > MAX_ENTRY_BYTES)
    throw new AppError('TOO_LARGE', `an entry of the transparency log is at most ${MAX_ENTRY_BYTES} bytes`, {
      bytes: bytes.length,
    });
  await lockUntilCommit(tx, 'log', 'entries');
  const { index } = await tx
    .selectFrom('log_entries')
    .select(sql<number>`coalesce(max(index) + 1, 0)`.as('index'))
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('log_entries')
    .values({
      index,
      kind: entry.kind,
      about: aboutOf(entry),
      entry: bytes,
      leaf_hash: Buffer.from(leafHash(bytes)),
      appended_at: at,
    })
    .execute();
  await ctx.queue.send(tx, 'publish-log', {});
  return { index };
}

function aboutOf(entry: LogEntry): string {
  if (entry.kind === 'package') return entry.packageSha256;
  if (entry.kind === 'report-run') return entry.runSha256;
  if (entry.kind === 'tombstone') return entry.tombstoneSha256;
  return entry.kind === 'key' ? entry.keyHint : entry.attestationId;
}
