import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import { SEGMENT_TARGET_BYTES } from '../core/bytes/limits';
import type { Context } from '../context';
import { createSegmentChecker } from '../core/chain/check-segment';
import { formatById } from '../core/formats';
import { appendSegments } from '../db/chains';
import type { Db, Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import { sealedPiece } from '../db/tail-seal';
import { tailBytes } from '../db/tail-bytes';
import { insertUpload, segmentOf } from './insert-upload';
import { type CutSegment, SegmentCutter } from './segment-cutter';

/** Appenders that a closed segment is recorded with; each has a record of its own. */
const MOST_NAMED = 30;

type Prepared = { closedBytes: number; sizeBytes: number; segments: CutSegment[]; records: number; lines: number };

/**
 * Makes the complete lines of a chain's open segment a closed one: evidence named by its digest, checked, loaded and attested as any other.
 * What is appended meanwhile stays open. Run again it finds nothing to close. @throws AppError STORAGE_FULL; then nothing has changed.
 */
export async function closeTail(ctx: Context, { chainId, actor }: { chainId: string; actor: Actor }): Promise<void> {
  const chain = await ctx.db
    .selectFrom('chains')
    .select(['name', 'sealed_at'])
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (!chain) return;
  const prepared = await prepare(ctx, ctx.db, chainId, { whole: chain.sealed_at !== null });
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    await apply(ctx, tx, { chainId, prepared, actor });
  });
}

/** The same within a transaction that holds the chain's lock, a last line without its newline included: nothing stays open. */
export async function closeTailWholly(ctx: Context, tx: Tx, chainId: string, actor: Actor): Promise<void> {
  await apply(ctx, tx, { chainId, prepared: await prepare(ctx, tx, chainId, { whole: true }), actor });
}

async function prepare(
  ctx: Context,
  db: Db | Tx,
  chainId: string,
  { whole }: { whole: boolean },
): Promise<Prepared | null> {
  const tail = await db
    .selectFrom('tails as t')
    .innerJoin('chains as c', 'c.id', 't.chain_id')
    .where('t.chain_id', '=', chainId)
    .select(['t.closed_bytes', 't.complete_bytes', 't.size_bytes', 'c.format'])
    .executeTakeFirst();
  const end = whole ? tail?.size_bytes : tail?.complete_bytes;
  if (!tail || end === undefined || end === tail.closed_bytes) return null;
  const bytes = await tailBytes({ db, seals: ctx.seals }, chainId, tail.closed_bytes, end);
  const checker = createSegmentChecker(formatById(tail.format), ctx.hasher);
  checker.push(bytes);
  const { check } = checker.end();
  // What was taken in is closed whatever it holds: a line that is too long was let in by an older version, and is told by the check.
  const cutter = new SegmentCutter(ctx.evidence, SEGMENT_TARGET_BYTES, Number.MAX_SAFE_INTEGER);
  try {
    await cutter.push(bytes);
    const { segments } = await cutter.end();
    return {
      closedBytes: tail.closed_bytes,
      sizeBytes: bytes.length,
      segments,
      records: check.records,
      lines: check.lines,
    };
  } catch (error) {
    await cutter.discard();
    throw error;
  }
}

async function apply(
  ctx: Context,
  tx: Tx,
  { chainId, prepared, actor }: { chainId: string; prepared: Prepared | null; actor: Actor },
): Promise<void> {
  const tail = await tx
    .selectFrom('tails as t')
    .innerJoin('chains as c', 'c.id', 't.chain_id')
    .where('t.chain_id', '=', chainId)
    .selectAll('t')
    .select(['c.name', 'c.format'])
    .executeTakeFirst();
  if (!tail || !prepared || tail.closed_bytes !== prepared.closedBytes) return; // closed by another run meanwhile
  const { segments, sizeBytes } = prepared;
  const end = prepared.closedBytes + sizeBytes;
  for (const segment of segments) {
    const upload = await insertUpload(
      ctx,
      tx,
      {
        chain_id: chainId,
        file_name: `${tail.name} (appended)`,
        sha256: segment.digest,
        size_bytes: segment.sizeBytes,
        records: segment.records,
        relation: 'continues',
        forked_at: null,
        archive_sha256: null,
        archive_paths: null,
        received_encoding: null,
        received_sha256: null,
        received_size_bytes: null,
        received_by: tail.appended_by,
        received_by_id: tail.appended_by_id,
      },
      [segment],
    );
    await appendSegments(tx, chainId, [segmentOf(upload.id, segment)]);
    await ctx.queue.send(tx, 'check-segment', { chainId, digest: segment.digest, format: tail.format });
    await audit.append(tx, actor, {
      action: 'chain.close-segment',
      subjectId: chainId,
      details: {
        uploadId: upload.id,
        sha256: segment.digest,
        sizeBytes: segment.sizeBytes,
        appenders: tail.appenders.slice(0, MOST_NAMED),
      },
    });
  }
  await dropPieces(ctx, tx, chainId, end);
  const extent = {
    chain_id: chainId,
    version: tail.version + 1,
    closed_bytes: end,
    size_bytes: tail.size_bytes,
    complete_bytes: Math.max(tail.complete_bytes, end),
  };
  await tx
    .updateTable('tails')
    .set({
      ...extent,
      seal_key: ctx.seals.id,
      seal: ctx.seals.ofTail(extent),
      closed_records: tail.closed_records + prepared.records,
      closed_lines: tail.closed_lines + prepared.lines,
      opened_at: tail.size_bytes > end ? ctx.now() : null,
      appenders: tail.size_bytes > end ? tail.appenders : [],
      close_wanted: false,
    })
    .where('chain_id', '=', chainId)
    .execute();
}

/** Takes the bytes before `end` out of the open segment; a piece that reaches over it is cut. */
async function dropPieces({ seals }: Context, tx: Tx, chainId: string, end: number): Promise<void> {
  const rest = await tailBytes({ db: tx, seals }, chainId, end);
  await tx.deleteFrom('tail_pieces').where('chain_id', '=', chainId).execute();
  if (rest.length > 0)
    await tx
      .insertInto('tail_pieces')
      .values(sealedPiece(seals, { chain_id: chainId, byte_offset: end }, rest))
      .execute();
}
