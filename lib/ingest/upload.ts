import 'server-only';
import type { Context } from '../context';
import type { ChainFormat, FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { FORMATS, formatById, recogniseFormat } from '../core/formats';
import { chainNamed, replaceSegments, segmentsOf } from '../db/chains';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { UploadReceipt } from '../schemas/uploads';
import { type Original, decode } from './decode';
import { firstLines } from './edges';
import { RECOGNITION_BYTES } from './limits';
import { placeInChain } from './place-in-chain';
import type { Placed } from './place-by-records';
import { type CutUpload, SegmentCutter } from './segment-cutter';

export type UploadInput = {
  fileName: string;
  /** Name of the chain it belongs to. */
  chain: string;
  /** Overrides recognition. */
  format?: FormatId;
  body: AsyncIterable<Uint8Array>;
  /** Who sent it, as shown in the record: an e-mail address or a token's name. */
  receivedBy: string;
};

/**
 * Stores a whole log as immutable evidence and queues its verification. When it resolves, every byte is durable.
 * The same bytes again create nothing.
 * @throws AppError UNKNOWN_FORMAT, UNREADABLE_BODY, TOO_LARGE, STORAGE_FULL; then nothing of the upload is part of the chain.
 */
export async function ingestUpload(ctx: Context, input: UploadInput): Promise<UploadReceipt> {
  const decoded = await decode(input.body);
  const cutter = new SegmentCutter(ctx.evidence);
  const known = await ctx.db.selectFrom('chains').select('format').where('name', '=', input.chain).executeTakeFirst();
  let format: ChainFormat | null = null;
  let head = Buffer.alloc(0);
  const recognise = (complete: boolean) => {
    format = requireFormat(firstLines(head, complete), input.format, known?.format);
  };
  try {
    for await (const chunk of decoded.plain) {
      if (!format) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= RECOGNITION_BYTES) recognise(false);
      }
      await cutter.push(chunk);
    }
    if (!format) recognise(true);
    const cut = await cutter.end();
    return await record(ctx, input, cut, requireSet(format), firstLines(head, head.length === cut.sizeBytes), decoded.original());
  } catch (error) {
    await cutter.discard();
    throw error;
  }
}

/** Names the upload, places it against the chain and queues the checks, in one transaction. */
async function record(ctx: Context, input: UploadInput, cut: CutUpload, format: ChainFormat, lines: Buffer[], original: Original | null): Promise<UploadReceipt> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', input.chain);
    const chain = await chainNamed(tx, input.chain, format.id);
    if (chain.format !== format.id) {
      throw new AppError('CONFLICT', `chain "${input.chain}" holds ${formatById(chain.format).label} records; this is ${format.label}`, { chain: input.chain, format: format.id });
    }
    const present = await segmentsOf(tx, chain.id);
    const repeated = await uploadInForce(tx, chain.id, cut.sha256);
    if (repeated) return receipt(repeated, input.chain, format.id, { placement: 'identical', forkedAt: null });

    const pieces = cut.segments.map(({ digest, sizeBytes }) => ({ digest, size_bytes: sizeBytes }));
    const placed = await placeInChain(ctx, tx, { chainId: chain.id, format, present, next: cut.segments, lines });
    const { placement } = placed;

    const upload = await tx
      .insertInto('uploads')
      .values({
        chain_id: chain.id,
        file_name: input.fileName,
        sha256: cut.sha256,
        size_bytes: cut.sizeBytes,
        records: cut.records,
        segments: cut.segments.length,
        placement,
        forked_at: placed.forkedAt,
        original_encoding: original?.encoding ?? null,
        original_sha256: original?.sha256 ?? null,
        original_size_bytes: original?.sizeBytes ?? null,
        received_by: input.receivedBy,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const rows = pieces.map((piece, index) => ({ upload_id: upload.id, index, ...piece }));
    for (let at = 0; at < rows.length; at += 1000) await tx.insertInto('upload_segments').values(rows.slice(at, at + 1000)).execute();

    const kept = placement === 'continues' ? present : [];
    const next = [
      ...kept.map(({ digest, upload_id, size_bytes, records, lines: count }) => ({ digest, upload_id, size_bytes, records, lines: count })),
      ...cut.segments.map(({ digest, sizeBytes, records, lines: count }) => ({ digest, upload_id: upload.id, size_bytes: sizeBytes, records, lines: count })),
    ];
    await replaceSegments(tx, chain.id, next);
    for (const digest of new Set(next.map((segment) => segment.digest))) {
      await ctx.queue.send(tx, 'check-segment', { chainId: chain.id, digest, format: format.id });
    }
    return receipt(upload, input.chain, format.id, placed);
  });
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

function receipt(upload: UploadRow, chain: string, format: FormatId, { placement, forkedAt }: Placed): UploadReceipt {
  const { original_encoding: encoding, original_sha256: sha256, original_size_bytes: bytes } = upload;
  return {
    uploadId: upload.id,
    chainId: upload.chain_id,
    chain,
    format,
    sha256: upload.sha256,
    bytes: upload.size_bytes,
    records: upload.records,
    segments: upload.segments,
    placement,
    forkedAt,
    original: encoding && sha256 && bytes !== null ? { encoding, sha256, bytes } : null,
  };
}

function requireFormat(lines: Buffer[], asked: FormatId | undefined, known: FormatId | undefined): ChainFormat {
  const id = asked ?? recogniseFormat(lines) ?? known;
  if (id) return formatById(id);
  throw new AppError(
    'UNKNOWN_FORMAT',
    lines.length === 0
      ? 'the file holds no lines, so its format cannot be told; name it with ?format='
      : `line 1 and the ${lines.length - 1} lines after it look like none of the formats known here: ${FORMATS.map(({ label }) => label).join(', ')}. Name it with ?format= if it is one of them`,
    { line: 1, byteOffset: 0 },
  );
}

function requireSet(format: ChainFormat | null): ChainFormat {
  if (!format) throw new Error('recognition sets the format or throws');
  return format;
}
