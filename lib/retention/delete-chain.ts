import 'server-only';
import { bundleToJSON } from '@sigstore/bundle';
import { type Selectable, sql } from 'kysely';
import type { Actor } from '../access/actor';
import { appendToLog } from '../attest/log/append-entry';
import { signedByOne } from '../attest/signed-by-one';
import { currentSigner } from '../attest/signers';
import * as audit from '../audit/append';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import { buildTombstoneStatement } from '../core/statements/predicates/chain-tombstone';
import { requireChain, segmentsOf } from '../db/chains';
import type { Db } from '../db/database';
import { attemptRequest, waitingRequest } from '../db/attempt-request';
import { retryAt } from '../db/lease';
import { lockUntilCommit } from '../db/lock';
import type { ChainDeletionsTable, DeletedObjectsTable } from '../db/retention-tables';
import { removeDeleted } from './remove-deleted';
import { putObject } from '../evidence/store';
import { deleteEvents } from '../lake/write';
import { failureOf } from '../package/failure-of';
import { requireDeletable } from './request-deletion';
import { retentionRow } from './retention-rows';

type Deletion = Selectable<ChainDeletionsTable>;
type Deleted = Pick<Selectable<DeletedObjectsTable>, 'digest' | 'kind'> & { size_bytes: number };

/**
 * Deletes a chain: signs and logs its tombstone first, then takes its objects and its rows in the lake out. Can stop anywhere and be run again. Until the tombstone
 * is on record nothing has changed, and whatever stands between the chain and its deletion by then ends it; from then on it is tried until it is done.
 */
export async function deleteChain(
  ctx: Context,
  { deletionId, actor }: { deletionId: string; actor: Actor },
  signal: AbortSignal,
): Promise<void> {
  await attemptRequest(
    ctx,
    { table: 'chain_deletions', id: deletionId, signal },
    async () => {
      const row = await ctx.db
        .selectFrom('chain_deletions')
        .selectAll()
        .where('id', '=', deletionId)
        .executeTakeFirstOrThrow();
      if (row.tombstone_digest === null) await bury(ctx, row, actor, signal);
      await removeAll(ctx, row.chain_id, signal);
      await done(ctx, row, actor);
    },
    async (error, attempts) => {
      const { isFinal, failure } = failureOf(error, attempts);
      await ctx.db.transaction().execute(async (tx) => {
        const noted = await waitingRequest({ db: tx }, 'chain_deletions', deletionId)
          .set({
            // What has a tombstone is deleted, however long it takes.
            state: isFinal
              ? sql<'failed' | 'waiting'>`CASE WHEN tombstone_digest IS NULL THEN 'failed' ELSE 'waiting' END`
              : 'waiting',
            failure,
            next_try_at: retryAt(ctx, attempts),
          })
          .returning(['state', 'chain_id'])
          .executeTakeFirst();
        if (noted?.state === 'failed')
          await audit.append(tx, actor, { action: 'chain.fail-deletion', subjectId: noted.chain_id });
      });
      ctx.log.warn({ err: error, deletionId }, 'a chain is not deleted yet');
    },
  );
}

/** Signs what is deleted, and has it on record and in the log: from there on none of it is given out. */
async function bury(
  ctx: Context,
  { id, chain_id: chainId }: Deletion,
  actor: Actor,
  signal: AbortSignal,
): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  const before = await deletableRow(ctx, ctx.db, chainId);
  const at = ctx.now();
  const [segments, objects] = [await segmentsOf(ctx.db, chainId), await objectsOf(ctx.db, chainId)];
  const hashes = await lastHashes(ctx.db, chainId);
  // What the tombstone names is what is there now, not what is on record.
  for (const { digest, size_bytes: sizeBytes } of objects)
    for await (const _ of await ctx.evidence.read(digest, { sizeBytes })) signal.throwIfAborted();
  const statement = buildTombstoneStatement(
    objects.map(({ kind, digest }) => ({
      name: `${kind}s/${digest}${kind === 'segment' ? '.jsonl' : ''}`,
      sha256: digest,
    })),
    {
      chain: { id: chainId, name: chain.name },
      format: chain.format,
      tool: { name: 'sealtrail', version: VERSION },
      verdict: before.verdict,
      problemCounts: chain.problem_counts as Record<string, number>, // counts by code, none undefined as JSON
      records: chain.records,
      sizeBytes: chain.size_bytes,
      head: chain.head,
      firstRecordedAt: chain.first_recorded_at,
      lastRecordedAt: chain.last_recorded_at,
      receivedUntil: before.received_until.toISOString(),
      segments: segments.map(({ digest, size_bytes: sizeBytes, first_record: firstRecord, records }) => ({
        sha256: digest,
        sizeBytes,
        firstRecord,
        records,
        lastHash: hashes.get(digest) ?? null,
      })),
      attestations: await bundlesOf(ctx.db, chainId),
      retention: { keepDays: before.keep_days ?? 0, endedAt: before.ends_at?.toISOString() ?? '' },
      deletedAt: at.toISOString(),
    },
  );
  const signer = await currentSigner(ctx);
  const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
  const signedBy = await signedByOne(ctx, signer, [bundle]);
  const stored = await putObject(ctx.evidence, Buffer.from(`${canonicalJson(bundleToJSON(bundle))}\n`));
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    await deletableRow(ctx, tx, chainId);
    const now = await requireChain(tx, chainId);
    if (now.generation !== chain.generation || now.size_bytes !== chain.size_bytes)
      throw new AppError('CONFLICT', `chain "${chain.name}" changed meanwhile`, { chainId });
    const isOurs = await tx
      .updateTable('chain_deletions')
      .set({ ...signedBy, failure: null, tombstone_digest: stored.digest, tombstone_bytes: stored.sizeBytes })
      .where('id', '=', id)
      .where('tombstone_digest', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!isOurs) return;
    for (let from = 0; from < objects.length; from += INSERTED)
      await tx
        .insertInto('deleted_objects')
        .values(objects.slice(from, from + INSERTED).map(({ digest, kind }) => ({ chain_id: chainId, digest, kind })))
        .execute();
    await appendToLog(ctx, tx, { kind: 'tombstone', tombstoneSha256: stored.digest });
    await audit.append(tx, actor, {
      action: 'chain.bury',
      subjectId: chainId,
      details: { tombstoneSha256: stored.digest, objects: objects.length },
    });
  });
}

const INSERTED = 1_000;

/** @throws AppError NOT_FOUND, CONFLICT with what stands between the chain and its deletion, other than that it was asked for. */
async function deletableRow(ctx: Context, db: Parameters<typeof retentionRow>[0], chainId: string) {
  const row = await retentionRow(db, chainId, ctx.now(), { asked: false });
  if (!row) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId });
  requireDeletable(row);
  return row;
}

/** What is deleted with a chain: segments of all its uploads, sidecar files, and archives of which nothing else is left. */
async function objectsOf(db: Db, chainId: string): Promise<Deleted[]> {
  const { rows } = await sql<Deleted>`
    SELECT digest, max(size_bytes)::bigint AS size_bytes, min(kind) AS kind FROM (
      SELECT s.digest, s.size_bytes, 'segment' AS kind FROM upload_segments s JOIN uploads u ON u.id = s.upload_id WHERE u.chain_id = ${chainId}
      UNION ALL SELECT digest, size_bytes, 'sidecar' FROM sidecars WHERE chain_id = ${chainId}
      UNION ALL SELECT a.digest, a.size_bytes, 'archive' FROM archives a
        WHERE (a.digest IN (SELECT archive_sha256 FROM uploads WHERE chain_id = ${chainId}) OR a.digest IN (SELECT archive_sha256 FROM sidecars WHERE chain_id = ${chainId}))
          AND NOT EXISTS (SELECT FROM uploads u WHERE u.archive_sha256 = a.digest AND u.chain_id <> ${chainId}
            AND NOT EXISTS (SELECT FROM chain_deletions d WHERE d.chain_id = u.chain_id AND d.tombstone_digest IS NOT NULL))
          AND NOT EXISTS (SELECT FROM sidecars f WHERE f.archive_sha256 = a.digest AND f.chain_id <> ${chainId}
            AND NOT EXISTS (SELECT FROM chain_deletions d WHERE d.chain_id = f.chain_id AND d.tombstone_digest IS NOT NULL))
    ) AS objects GROUP BY digest ORDER BY digest`.execute(db);
  return rows;
}

async function bundlesOf(db: Db, chainId: string): Promise<{ sha256: string }[]> {
  return db
    .selectFrom('attestation_bundles as b')
    .innerJoin('attestations as a', 'a.id', 'b.attestation_id')
    .where('a.chain_id', '=', chainId)
    .select('b.digest as sha256')
    .distinct()
    .orderBy('b.digest')
    .execute();
}

/** The hash of the last chained record of each segment. */
async function lastHashes(db: Db, chainId: string): Promise<Map<string, string | null>> {
  const rows = await db
    .selectFrom('chain_segments as s')
    .innerJoin('chains as c', 'c.id', 's.chain_id')
    .innerJoin('segment_checks as k', (join) =>
      join.onRef('k.digest', '=', 's.digest').onRef('k.format', '=', 'c.format'),
    )
    .where('s.chain_id', '=', chainId)
    .select(['s.digest', sql<string | null>`k.result->'last'->>'hash'`.as('hash')])
    .execute();
  return new Map(rows.map(({ digest, hash }) => [digest, hash]));
}

/** Takes out what the tombstone names: rows of the lake, and objects that nothing else consists of. */
async function removeAll(ctx: Context, chainId: string, signal: AbortSignal): Promise<void> {
  await deleteEvents(ctx, 'chain_id = {chainId: UUID}', { chainId });
  const objects = await ctx.db.selectFrom('deleted_objects').select('digest').where('chain_id', '=', chainId).execute();
  for (const { digest } of objects) {
    signal.throwIfAborted();
    await removeDeleted(ctx, digest);
  }
}

async function done(ctx: Context, { id, chain_id: chainId }: Deletion, actor: Actor): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('chain_deletions')
      .set({ state: 'done', failure: null, deleted_at: ctx.now() })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returning('tombstone_digest')
      .executeTakeFirst();
    if (ended)
      await audit.append(tx, actor, {
        action: 'chain.delete',
        subjectId: chainId,
        details: { tombstoneSha256: ended.tombstone_digest },
      });
  });
}
