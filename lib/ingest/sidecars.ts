import 'server-only';
import { type Insertable, sql } from 'kysely';
import type { Actor } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { MAX_DOCUMENT_BYTES } from '../core/bytes/limits';
import { textOf } from '../core/bytes/text-encoding';
import { AppError } from '../core/errors';
import { formatById } from '../core/formats';
import { SIDECARS, sidecarOf } from '../core/sidecars/kinds';
import { sidecarKind } from '../core/sidecars/recognise-sidecar';
import { requireChain } from '../db/chains';
import { requireNotDeleted } from '../db/deleted-chains';
import type { Tx } from '../db/database';
import type { SidecarsTable } from '../db/schema';
import { lockUntilCommit } from '../db/lock';
import { type StoredObject, putObject } from '../evidence/store';
import type { SidecarKind, SidecarReceipt } from '../schemas/sidecars';
import { requireStored } from './require-stored';
import { reverify } from './reverify';

type Input = { chainId: string; fileName: string; body: AsyncIterable<Uint8Array>; actor: Actor };

/**
 * Stores a sidecar file as evidence and has the chain verified with it. The same file again changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN, TOO_LARGE, UNKNOWN_FORMAT for what is no such file, CONFLICT for one of another tool, STORAGE_FULL.
 */
export async function addSidecar(ctx: Context, { chainId, fileName, body, actor }: Input): Promise<SidecarReceipt> {
  const chain = await requireChain(ctx.db, chainId);
  requireChainAllowed(actor, chain.name);
  const bytes = await readSmall(body);
  const kind = sidecarKind(fileName, textOf(bytes));
  if (!kind)
    throw new AppError(
      'UNKNOWN_FORMAT',
      `the file is not a sidecar of a log. Known are: ${SIDECARS.map(({ label, format }) => `${label} (${format.label})`).join(', ')}`,
    );
  const of = sidecarOf(kind)?.format;
  if (of?.id !== chain.format) {
    throw new AppError(
      'CONFLICT',
      `the file is of ${of?.label}; chain "${chain.name}" holds ${formatById(chain.format).label} records`,
      { chainId },
    );
  }
  const object = await putObject(ctx.evidence, bytes);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    const { receipt, isNew } = await recordSidecar(ctx, tx, {
      chain,
      kind,
      object,
      fileName,
      actor,
      archiveSha256: null,
    });
    if (isNew) await reverify(ctx, tx, chainId);
    return receipt;
  });
}

/** Has a sidecar file of a chain count no longer, or again. It stays in evidence and listed either way. @throws AppError NOT_FOUND. */
export async function setSidecarCounts(
  ctx: Context,
  { chainId, sidecarId, counts, actor }: { chainId: string; sidecarId: string; counts: boolean; actor: Actor },
): Promise<void> {
  const chain = await requireChain(ctx.db, chainId);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    await requireNotDeleted(tx, chainId);
    const row = await tx
      .selectFrom('sidecars')
      .select('set_aside_at')
      .where('chain_id', '=', chainId)
      .where('id', '=', sidecarId)
      .executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no sidecar file of this chain has this id', { chainId, sidecarId });
    if ((row.set_aside_at === null) === counts) return;
    await tx
      .updateTable('sidecars')
      .set(counts ? { set_aside_by: null, set_aside_at: null } : { set_aside_by: actor.name, set_aside_at: ctx.now() })
      .where('id', '=', sidecarId)
      .execute();
    await audit.append(tx, actor, {
      action: counts ? 'sidecar.count' : 'sidecar.set-aside',
      subjectId: sidecarId,
      details: { chainId },
    });
    await reverify(ctx, tx, chainId);
  });
}

type NewSidecar = {
  chain: { id: string; name: string };
  kind: SidecarKind;
  object: StoredObject;
  fileName: string;
  actor: Actor;
  archiveSha256: string | null;
};

/** Names a stored file beside a chain. The caller holds the chain's lock, and has it verified when the file is new to it. */
export async function recordSidecar(
  ctx: Context,
  tx: Tx,
  { chain, kind, object, fileName, actor, archiveSha256 }: NewSidecar,
): Promise<{ receipt: SidecarReceipt; isNew: boolean }> {
  requireChainAllowed(actor, chain.name);
  await requireNotDeleted(tx, chain.id);
  await requireStored(ctx, tx, [object.digest]);
  const newest = await tx
    .selectFrom('sidecars')
    .select(['id', 'digest'])
    .where('chain_id', '=', chain.id)
    .where('kind', '=', kind)
    .where('set_aside_at', 'is', null)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isNew = newest?.digest !== object.digest;
  const row = isNew
    ? await upsert(tx, {
        chain_id: chain.id,
        kind,
        digest: object.digest,
        size_bytes: object.sizeBytes,
        file_name: fileName,
        archive_sha256: archiveSha256,
        received_by: actor.name,
      })
    : newest;
  if (isNew)
    await audit.append(tx, actor, {
      action: 'sidecar.add',
      subjectId: row.id,
      details: { chainId: chain.id, kind, sha256: object.digest, archiveSha256 },
    });
  return {
    receipt: {
      sidecarId: row.id,
      chainId: chain.id,
      chain: chain.name,
      kind,
      fileName,
      sha256: object.digest,
      bytes: object.sizeBytes,
    },
    isNew,
  };
}

/** A file sent again after others takes their place again. */
function upsert(tx: Tx, values: Insertable<SidecarsTable>): Promise<{ id: string }> {
  return tx
    .insertInto('sidecars')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['chain_id', 'kind', 'digest']).doUpdateSet({
        received_at: sql<Date>`clock_timestamp()`,
        received_by: values.received_by,
        file_name: values.file_name,
        set_aside_by: null,
        set_aside_at: null,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
}

/** The whole of a file that is small by its nature. @throws AppError TOO_LARGE. */
export async function readSmall(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES)
      throw new AppError('TOO_LARGE', `a sidecar file of a log is at most ${MAX_DOCUMENT_BYTES} bytes`, {
        limitBytes: MAX_DOCUMENT_BYTES,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
