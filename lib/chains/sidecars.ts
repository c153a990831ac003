import 'server-only';
import type { Context } from '../context';
import { asStream } from '../evidence/as-stream';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { countOf } from '../db/count-of';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { UuidCursor } from '../db/cursor-shapes';
import type { Page } from '../schemas/common';
import type { Sidecar } from '../schemas/sidecars';

/** The sidecar files of a chain, newest first, with what each proves or disproves. @throws AppError NOT_FOUND. */
export async function listSidecars(
  ctx: Context,
  { chainId, cursor, limit }: { chainId: string; cursor?: string; limit: number },
): Promise<Page<Sidecar>> {
  const chain = await requireChain(ctx.db, chainId);
  const after = cursor ? decodeCursor(UuidCursor, cursor)[0] : null;
  const rows = await ctx.db
    .selectFrom('sidecars')
    .selectAll()
    .where('chain_id', '=', chainId)
    .$if(after !== null, (query) => query.where('id', '<', after ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const isVerified = chain.verified_generation === chain.generation;
  const items = rows.slice(0, limit).map(
    (row): Sidecar => ({
      id: row.id,
      chainId,
      kind: row.kind,
      fileName: row.file_name,
      sha256: row.digest,
      bytes: row.size_bytes,
      archiveSha256: row.archive_sha256,
      receivedBy: row.received_by,
      receivedAt: row.received_at.toISOString(),
      setAside:
        row.set_aside_by !== null && row.set_aside_at
          ? { by: row.set_aside_by, at: row.set_aside_at.toISOString() }
          : null,
      fact: isVerified ? (chain.checked_sidecars.find(({ sidecarId }) => sidecarId === row.id) ?? null) : null,
    }),
  );
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null,
    total: await countOf(ctx.db, 'sidecars', chainId),
  };
}

/** A sidecar file of a chain as it was received. @throws AppError NOT_FOUND, EVIDENCE_MISSING, EVIDENCE_ALTERED. */
export async function openSidecar(
  ctx: Context,
  { chainId, sidecarId }: { chainId: string; sidecarId: string },
): Promise<{ fileName: string; sizeBytes: number; stream: ReadableStream<Uint8Array> }> {
  const row = await ctx.db
    .selectFrom('sidecars')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('id', '=', sidecarId)
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no sidecar file of this chain has this id', { chainId, sidecarId });
  const stream = asStream(await ctx.evidence.read(row.digest, { sizeBytes: row.size_bytes }));
  return { fileName: row.file_name, sizeBytes: row.size_bytes, stream };
}
