import 'server-only';
import { Readable } from 'node:stream';
import { readChainBytes } from '../chains/chain-bytes';
import type { Context } from '../context';
import { NEWLINE_BYTES } from '../core/bytes/newline';
import { AppError } from '../core/errors';
import { EXPORTED_EVENT, exportEvents, parquetOfEvents } from '../lake/query/search-export';
import { briefInstant, isUnknownTime } from '../lake/time';
import { csvStream } from '../reports/csv-stream';
import { recordRows } from '../reports/record-rows';
import { type RequestedSearch, readSearched } from './searched';

/** Records that lie so close in a chain are read in one piece, and so much is held at a time. */
const GAP_BYTES = 16 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;
/** What says where the line of a record is. */
const PLACE = ['chain_id', 'segment_digest', 'byte_offset', 'byte_length'] as const;
type Placed = Record<(typeof PLACE)[number], string | number | null>;
const RECORD = [...PLACE, 'ordinal', 'recorded_at'] as const;
/** Which record of its chain a line is, where it lies, and the time it states. */
export type PlacedRecord = { chainId: string; ordinal: number; recordedAt: string | null; place: Placed };

/** What a search finds as a CSV, oldest first: the fields of each record with the name of its chain. @throws AppError BAD_REQUEST. */
export async function eventsCsv(
  ctx: Context,
  { bom, ...requested }: RequestedSearch & { bom: boolean },
): Promise<Readable> {
  const searched = await readSearched(ctx, requested);
  return csvStream(recordRows(ctx, exportEvents(ctx, searched, EXPORTED_EVENT)), ['chain', ...EXPORTED_EVENT], { bom });
}

/** The same as Parquet, without the names of chains. @throws AppError BAD_REQUEST. */
export async function eventsParquet(ctx: Context, requested: RequestedSearch): Promise<Readable> {
  return parquetOfEvents(ctx, await readSearched(ctx, requested));
}

/**
 * The lines of what a search finds, byte for byte as they are in evidence, oldest first, each with a newline behind it. Ends midway when
 * evidence is not what was stored. @throws AppError BAD_REQUEST.
 */
export async function eventsNdjson(ctx: Context, requested: RequestedSearch): Promise<Readable> {
  const searched = await readSearched(ctx, requested);
  return Readable.from(lines(ctx, exportEvents(ctx, searched, PLACE)), { objectMode: false });
}

/** The same lines without their newlines, each with which record it is. @throws AppError BAD_REQUEST. */
export async function* eventLines(
  ctx: Context,
  requested: RequestedSearch,
): AsyncGenerator<{ line: Buffer; record: PlacedRecord }> {
  const searched = await readSearched(ctx, requested);
  for await (const { line, record } of placedLines(ctx, exportEvents(ctx, searched, RECORD))) {
    const recordedAt = String(record.recorded_at);
    yield {
      line,
      record: {
        chainId: String(record.chain_id),
        ordinal: Number(record.ordinal),
        recordedAt: isUnknownTime(recordedAt) ? null : briefInstant(recordedAt),
        place: record,
      },
    };
  }
}

/** The line of one of them, read again. @throws AppError CONFLICT when it is not there any more. */
export async function lineOf(ctx: Context, { place }: PlacedRecord): Promise<Buffer> {
  const [line] = await bytesOf(ctx, partFrom([place], 0));
  if (!line) throw new Error('one record has one line');
  return line;
}

/** Where a record lies in the bytes of its chain, in which segment, and its place among those that are read together. */
type Stretch = { chainId: string; segment: string; from: number; to: number; place: number };
/** What is read in one piece: records of one segment that lie close. */
type Piece = { chainId: string; from: number; to: number; records: Stretch[] };

async function* lines(ctx: Context, batches: AsyncIterable<Placed[]>): AsyncGenerator<Buffer> {
  for await (const { line } of placedLines(ctx, batches)) yield Buffer.concat([line, NEWLINE_BYTES]);
}

async function* placedLines<R extends Placed>(
  ctx: Context,
  batches: AsyncIterable<R[]>,
): AsyncGenerator<{ line: Buffer; record: R }> {
  for await (const batch of batches) {
    for (let at = 0; at < batch.length; ) {
      const part = partFrom(batch, at);
      for (const [index, line] of (await bytesOf(ctx, part)).entries()) {
        const record = batch[at + index];
        if (record) yield { line, record };
      }
      at += part.length;
    }
  }
}

/** Records from here on that are held at a time. */
function partFrom(batch: readonly Placed[], first: number): Stretch[] {
  const part: Stretch[] = [];
  let size = 0;
  for (let at = first; at < batch.length && (part.length === 0 || size < PIECE_BYTES); at += 1) {
    const row = batch[at];
    if (!row) break;
    const from = Number(row.byte_offset);
    const to = from + Number(row.byte_length);
    part.push({ chainId: String(row.chain_id), segment: String(row.segment_digest), from, to, place: part.length });
    size += to - from;
  }
  return part;
}

/** The bytes of some records, in their order; neighbours are read together. */
async function bytesOf(ctx: Context, records: readonly Stretch[]): Promise<Buffer[]> {
  const bytes: Buffer[] = [];
  for (const piece of piecesOf(records)) {
    const read = await readChainBytes(ctx, piece.chainId, piece.from, piece.to);
    if (!read)
      throw new AppError('CONFLICT', 'the chain was replaced while its records were read', { chainId: piece.chainId });
    for (const { from, to, place } of piece.records)
      bytes[place] = read.bytes.subarray(from - piece.from, to - piece.from);
  }
  return bytes;
}

function piecesOf(records: readonly Stretch[]): Piece[] {
  const pieces: (Piece & { segment: string })[] = [];
  const inPlace = ({ chainId, segment, from }: Stretch) => `${chainId} ${segment} ${String(from).padStart(16, '0')}`;
  for (const record of records.toSorted((a, b) => (inPlace(a) < inPlace(b) ? -1 : 1))) {
    const { chainId, segment, from, to } = record;
    const last = pieces.at(-1);
    const isNear =
      last?.chainId === chainId &&
      last.segment === segment &&
      from - last.to <= GAP_BYTES &&
      to - last.from <= PIECE_BYTES;
    if (last && isNear) {
      last.to = Math.max(last.to, to);
      last.records.push(record);
    } else pieces.push({ chainId, segment, from, to, records: [record] });
  }
  return pieces;
}
