import 'server-only';
import { type Actor, actorKey } from '../access/actor';
import { requireChainAllowed } from '../access/chain-limit';
import * as audit from '../audit/append';
import { type ReceivedEncoding, decode } from '../archive/decode';
import type { Context } from '../context';
import { firstLines } from '../core/bytes/first-lines';
import { ARCHIVE_LIMITS, RECOGNITION_BYTES } from '../core/bytes/limits';
import { NEWLINE_BYTES, endsInNewline } from '../core/bytes/newline';
import type { FormatId, KnownFormat } from '../core/chain/format';
import { AppError } from '../core/errors';
import { FORMATS, formatById, recogniseFormat } from '../core/formats';
import { chainNamed, replaceSegments, segmentsOf } from '../db/chains';
import type { Tx } from '../db/database';
import { requireNotDeleted } from '../db/deleted-chains';
import { insertUpload, segmentOf } from './insert-upload';
import { lockUntilCommit } from '../db/lock';
import { forgetTail } from '../db/tails';
import type { UploadReceipt } from '../schemas/uploads';
import { closeTailWholly } from './close-tail';
import { classifyUpload } from './classify-upload';
import type { ClassifiedUpload } from './classify-by-records';
import { requireLog, requireSameFormat, requireUnsealed } from './refusals';
import { type CutUpload, SegmentCutter } from './segment-cutter';

export type UploadInput = {
  fileName: string;
  /** Name of the chain it belongs to. */
  chain: string;
  /** Overrides recognition. */
  format?: FormatId;
  body: AsyncIterable<Uint8Array>;
  /** Aborted when the sender goes away: nobody waits for an answer then, and the work ends. */
  signal?: AbortSignal | undefined;
  actor: Actor;
};

/** A log in the evidence store that no chain knows of yet. */
export type StoredLog = {
  cut: CutUpload;
  format: KnownFormat;
  /** Its first lines. */
  lines: Uint8Array[];
  receivedEncoding: ReceivedEncoding | null;
};

/** Where a log came from, when it came in an archive: the archive's SHA-256, and its files there in order. */
export type Origin = { archiveSha256: string; paths: readonly string[] };

/**
 * Stores a whole log as immutable evidence and queues its verification. When it resolves, every byte is durable.
 * The same bytes again create nothing.
 * @throws AppError FORBIDDEN, UNKNOWN_FORMAT, UNREADABLE_BODY, TOO_LARGE, STORAGE_FULL; then nothing of the upload is part of the chain.
 */
export async function ingestUpload(ctx: Context, input: UploadInput): Promise<UploadReceipt> {
  requireChainAllowed(input.actor, input.chain);
  const known = await ctx.db.selectFrom('chains').select('format').where('name', '=', input.chain).executeTakeFirst();
  const stored = await storeLog(ctx, [input.body], { asked: input.format, known: known?.format, signal: input.signal });
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', input.chain);
    return recordUpload(ctx, tx, input, stored, null);
  });
}

type StoreOptions = {
  asked?: FormatId | undefined;
  known?: FormatId | undefined;
  signal?: AbortSignal | undefined;
  /** Plain bytes there is room for in all; what is stored is taken off. */
  within?: { leftBytes: number };
};

/**
 * Writes the bytes of a log into the evidence store; several files are one log in their order, each in segments of its own.
 * @throws as `ingestUpload`; segments that became durable before stay, unnamed by anything.
 */
export async function storeLog(
  ctx: Context,
  files: Iterable<AsyncIterable<Uint8Array>>,
  { asked: requested, known, within, signal }: StoreOptions,
): Promise<StoredLog> {
  const cutter = new SegmentCutter(ctx.evidence);
  let format: KnownFormat | null = null;
  let head = Buffer.alloc(0);
  let headIsWhole = true;
  let receivedEncoding: ReceivedEncoding | null = null;
  const recognise = (complete: boolean) => {
    headIsWhole = complete;
    requireLog(head, { ofArchive: ', or send it with POST instead of PUT' });
    format = requireFormat(firstLines(head, complete), requested, known);
  };
  try {
    for (const body of files) {
      await cutter.endFile();
      const decoded = await decode(body);
      for await (const chunk of decoded.plain) {
        requireSender(signal);
        if (!format) {
          head = Buffer.concat([head, chunk]);
          if (head.length >= RECOGNITION_BYTES) recognise(false);
        }
        if (within) takeOff(within, chunk.length);
        await cutter.push(chunk);
      }
      if (!format && head.length > 0 && !endsInNewline(head)) head = Buffer.concat([head, NEWLINE_BYTES]);
      receivedEncoding = decoded.receivedEncoding();
    }
    if (!format) recognise(true);
    return {
      cut: await cutter.end(),
      format: requireSet(format),
      lines: firstLines(head, headIsWhole),
      receivedEncoding,
    };
  } catch (error) {
    await cutter.discard();
    throw error;
  }
}

/** @throws AppError UNREADABLE_BODY once the sender is gone. */
function requireSender(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AppError(
      'UNREADABLE_BODY',
      'the sender disconnected before the upload was stored; nothing of it was kept',
    );
}

function takeOff(within: { leftBytes: number }, bytes: number): void {
  within.leftBytes -= bytes;
  if (within.leftBytes < 0)
    throw new AppError('TOO_LARGE', 'unpacked, the logs of the archive are larger than an archive may be', {
      limitPlainBytes: ARCHIVE_LIMITS.plainBytes,
    });
}

/**
 * Names the upload, classifies it against the chain and queues the checks, in the caller's transaction. The caller holds the chain's lock.
 * @throws AppError CONFLICT when the chain holds another format.
 */
export async function recordUpload(
  ctx: Context,
  tx: Tx,
  input: Pick<UploadInput, 'fileName' | 'chain' | 'actor'>,
  { cut, format, lines, receivedEncoding }: StoredLog,
  origin: Origin | null,
): Promise<UploadReceipt> {
  requireChainAllowed(input.actor, input.chain);
  const chain = await chainNamed(tx, input.chain, format.id);
  requireSameFormat(chain, format.id);
  await requireNotDeleted(tx, chain.id);
  const repeated = await uploadInForce(tx, chain.id, cut.sha256);
  if (repeated)
    return receipt(repeated, input.chain, format.id, { relation: 'identical', forkedAt: null }, cut.replaced);
  requireUnsealed(chain.sealed_at, { chain: input.chain });

  // Not before it is clear that the content changes: a line that waits for its rest must not be cut in two.
  await closeTailWholly(ctx, tx, chain.id, input.actor);
  const present = await segmentsOf(tx, chain.id);
  const classified = await classifyUpload(ctx, tx, { chainId: chain.id, format, present, next: cut.segments, lines });
  const { relation } = classified;
  const upload = await insertUpload(
    ctx,
    tx,
    {
      chain_id: chain.id,
      file_name: input.fileName,
      sha256: cut.sha256,
      size_bytes: cut.sizeBytes,
      records: cut.records,
      relation,
      forked_at: classified.forkedAt,
      archive_sha256: origin?.archiveSha256 ?? null,
      archive_paths: origin && JSON.stringify(origin.paths),
      received_encoding: receivedEncoding?.encoding ?? null,
      received_sha256: receivedEncoding?.sha256 ?? null,
      received_size_bytes: receivedEncoding?.sizeBytes ?? null,
      received_by: input.actor.name,
      received_by_id: actorKey(input.actor),
    },
    cut.segments,
  );
  const kept = relation === 'continues' ? present : [];
  const next = [
    ...kept.map(({ digest, upload_id, size_bytes, records, lines: count }) => ({
      digest,
      upload_id,
      size_bytes,
      records,
      lines: count,
    })),
    ...cut.segments.map((segment) => segmentOf(upload.id, segment)),
  ];
  await forgetTail(tx, chain.id);
  await replaceSegments(tx, chain.id, next);
  for (const digest of new Set(next.map((segment) => segment.digest))) {
    await ctx.queue.send(tx, 'check-segment', { chainId: chain.id, digest, format: format.id });
  }
  await audit.append(tx, input.actor, {
    action: 'chain.upload',
    subjectId: chain.id,
    details: {
      uploadId: upload.id,
      sha256: cut.sha256,
      sizeBytes: cut.sizeBytes,
      relation,
      archiveSha256: origin?.archiveSha256 ?? null,
    },
  });
  return receipt(upload, input.chain, format.id, classified, cut.replaced);
}

/** The upload of these bytes that the chain's content comes from, if there is one. */
function uploadInForce(tx: Tx, chainId: string, sha256: string) {
  return tx
    .selectFrom('uploads')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('sha256', '=', sha256)
    .where('id', 'in', (eb) => eb.selectFrom('chain_segments').select('upload_id').where('chain_id', '=', chainId))
    .executeTakeFirst();
}

type UploadRow = NonNullable<Awaited<ReturnType<typeof uploadInForce>>>;

function receipt(
  upload: UploadRow,
  chain: string,
  format: FormatId,
  { relation, forkedAt }: ClassifiedUpload,
  replacedSegments: number,
): UploadReceipt {
  const { received_encoding: encoding, received_sha256: sha256, received_size_bytes: bytes } = upload;
  return {
    uploadId: upload.id,
    chainId: upload.chain_id,
    chain,
    format,
    sha256: upload.sha256,
    bytes: upload.size_bytes,
    records: upload.records,
    segments: upload.segments,
    replacedSegments,
    relation,
    forkedAt,
    receivedEncoding: encoding && sha256 && bytes !== null ? { encoding, sha256, bytes } : null,
  };
}

function requireFormat(
  lines: readonly Uint8Array[],
  requested: FormatId | undefined,
  known: FormatId | undefined,
): KnownFormat {
  const id = requested ?? recogniseFormat(lines) ?? known;
  if (id) return formatById(id);
  throw new AppError(
    'UNKNOWN_FORMAT',
    lines.length === 0
      ? 'the file holds no lines, so its format is not known; name it with ?format='
      : `${lines.length === 1 ? 'line 1 looks' : `line 1 and the ${lines.length === 2 ? 'line' : `${lines.length - 1} lines`} after it look`} like none of the formats known here: ${FORMATS.map(({ label }) => label).join(', ')}. If it is one of them, say which; in the API with ?format=`,
    { line: 1, byteOffset: 0 },
  );
}

function requireSet(format: KnownFormat | null): KnownFormat {
  if (!format) throw new Error('recognition sets the format or throws');
  return format;
}
