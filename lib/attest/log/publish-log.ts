import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { type Checkpoint, formatCheckpoint } from '../../core/merkle/checkpoint';
import { isSameHash, leafHash } from '../../core/merkle/hash';
import { proveConsistency, rootHash } from '../../core/merkle/prove';
import { verifyConsistency } from '../../core/merkle/verify';
import type { Db, Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { logIdentity } from './identity';
import { knownHead, rememberHead } from './known-head';
import { logSource, storeTiles } from './log-tiles';
import { askWitnesses } from './witnesses';

/** New entries hashed again at a time, before they are signed for. */
const PAGE = 1000;

/** Signs the head of the log as it is now, and has the witnesses cosign it. Run again, it does what is left to do. @throws AppError SIGNING_FAILED. */
export async function publishLog(ctx: Context): Promise<void> {
  await signHead(ctx);
  await askWitnesses(ctx);
}

/** A checkpoint for what was appended since the last one; none when nothing was. @throws AppError SIGNING_FAILED rather than sign a tree that does not begin with the one signed last, be it unknown to the database. */
async function signHead(ctx: Context): Promise<void> {
  if ((await sizeOf(ctx.db)) === 0) return;
  const log = await logIdentity(ctx);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'log', 'checkpoints');
    // Counted once nobody else publishes: a head that was signed meanwhile is of entries that this count has too.
    const size = await sizeOf(tx);
    const last = await tx.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
    const known = await knownHead(ctx);
    const ours = known?.origin === log.origin ? known : null;
    if (ours && ours.size > size) throw wentBack(ours, size);
    if (last && last.size >= size) {
      if (!ours || ours.size < last.size) await rememberHead(ctx, last.note);
      return;
    }
    await rehash(tx, last?.size ?? 0, size);
    await storeTiles(ctx, tx, size);
    const source = logSource(tx);
    const root = await rootHash(source, size);
    if (last) {
      const proof = {
        from: last.size,
        to: size,
        fromRoot: last.root_hash,
        toRoot: root,
        hashes: await proveConsistency(source, { from: last.size, to: size }),
      };
      if (!verifyConsistency(proof))
        throw new AppError(
          'SIGNING_FAILED',
          'the transparency log does not go on from the head that was signed last; its entries were changed, and nothing is signed',
          { signed: last.size, size },
        );
    }
    if (ours && !isSameHash(await rootHash(source, ours.size), ours.rootHash)) throw wentBack(ours, size);
    const note = log.signNote(log.origin, formatCheckpoint({ origin: log.origin, size, rootHash: root }));
    // First of all: any reader may keep it, so it must be known whatever becomes of this transaction.
    await rememberHead(ctx, note);
    await tx
      .insertInto('log_checkpoints')
      .values({ size, root_hash: Buffer.from(root), note, signed_at: ctx.now() })
      .execute();
  });
}

async function sizeOf(db: Db | Tx): Promise<number> {
  const { size } = await db
    .selectFrom('log_entries')
    .select(sql<number>`coalesce(max(index) + 1, 0)`.as('size'))
    .executeTakeFirstOrThrow();
  return size;
}

/** What was published is no beginning of what the database has: a second history under the same name would be told apart from a forgery by nobody. */
function wentBack(known: Checkpoint, size: number): AppError {
  return new AppError(
    'SIGNING_FAILED',
    `the transparency log was published with ${known.size} entries that are not the beginning of the ${size} in the database, which may have been restored from a backup; nothing is signed (docs/transparency.md#a-restored-database)`,
    { published: known.size, size },
  );
}

/** @throws AppError SIGNING_FAILED when an entry does not hash to what stands beside it. */
async function rehash(tx: Tx, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PAGE) {
    const rows = await tx
      .selectFrom('log_entries')
      .select(['index', 'entry', 'leaf_hash'])
      .where('index', '>=', at)
      .where('index', '<', Math.min(to, at + PAGE))
      .orderBy('index')
      .execute();
    const altered = rows.find(
      ({ index, entry, leaf_hash: hash }, n) => index !== at + n || !isSameHash(leafHash(entry), hash),
    );
    if (altered || rows.length !== Math.min(to, at + PAGE) - at)
      throw new AppError(
        'SIGNING_FAILED',
        'an entry of the transparency log was changed or removed; nothing is signed',
        { index: altered?.index ?? at + rows.length },
      );
  }
}
