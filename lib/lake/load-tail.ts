import 'server-only';
import type { Context } from '../context';
import type { ProblemCode } from '../core/chain/problem';
import { createLineSplitter, isBlank } from '../core/chain/lines';
import { formatById } from '../core/formats';
import { tailBytes } from '../db/tails';
import { eventRow } from './event-row';
import { type Loaded, insertRows, loaded } from './insert-rows';
import { noteWorst } from './worst-by-record';

/** Bytes of one run; what is left is loaded by the next. */
const RUN_BYTES = 8 * 1024 * 1024;
/** Where records of an open segment stand in the lake, until it is closed and loaded by its digest. */
export const OPEN_SEGMENT = { index: 2 ** 32 - 1, digest: '' } as const;

/**
 * Loads what was appended since the last run, so that it can be searched and the rules see it while the segment is open.
 * Can run again at any point: a record loaded twice is one.
 */
export async function loadTail(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  const tail = await ctx.db.selectFrom('tails as t').innerJoin('chains as c', 'c.id', 't.chain_id').where('t.chain_id', '=', chainId).selectAll('t').select('c.format').executeTakeFirst();
  if (!tail) return;
  const at = tail.loaded_bytes >= tail.closed_bytes ? { bytes: tail.loaded_bytes, records: tail.loaded_records, lines: tail.loaded_lines } : { bytes: tail.closed_bytes, records: tail.closed_records, lines: tail.closed_lines };
  const bytes = await tailBytes(ctx.db, chainId, at.bytes, Math.min(tail.complete_bytes, at.bytes + RUN_BYTES));
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end === 0 && at.bytes + bytes.length < tail.complete_bytes) return loadLongLine(ctx, chainId, at, tail);
  await insertLines(ctx, chainId, at, tail, bytes.subarray(0, end));
}

type Position = { bytes: number; records: number; lines: number };
type Tail = { format: Parameters<typeof formatById>[0]; complete_bytes: number };

/** A line may be longer than what one run reads. */
async function loadLongLine(ctx: Context, chainId: string, at: Position, tail: Tail): Promise<void> {
  const bytes = await tailBytes(ctx.db, chainId, at.bytes, tail.complete_bytes);
  await insertLines(ctx, chainId, at, tail, bytes.subarray(0, bytes.indexOf(0x0a) + 1));
}

async function insertLines(ctx: Context, chainId: string, at: Position, tail: Tail, bytes: Buffer): Promise<void> {
  if (bytes.length === 0) return;
  const format = formatById(tail.format);
  const integrity = await integrityByRecord(ctx, chainId, at.records);
  const rows: Loaded[] = [];
  let lines = 0;
  const splitter = createLineSplitter((line) => {
    lines = line.number;
    if (isBlank(line) || line.tooLong) return;
    const checked = format.check(line.bytes, ctx.hasher);
    if (checked.kind !== 'record') return;
    const ordinal = at.records + rows.length;
    const place = { chainId, segment: OPEN_SEGMENT, ordinal, line: at.lines + line.number, byteOffset: at.bytes + line.byteOffset, byteLength: line.byteLength };
    rows.push(loaded(eventRow(format, line.bytes, checked, place, integrity.get(ordinal) ?? (checked.hash === null ? 'no-chain' : undefined)), line.bytes));
  });
  splitter.push(bytes);
  splitter.end();
  if (rows.length > 0) await insertRows(ctx, rows);
  const reached = { bytes: at.bytes + bytes.length, records: at.records + rows.length, lines: at.lines + lines };
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tails')
      .set({ loaded_bytes: reached.bytes, loaded_records: reached.records, loaded_lines: reached.lines })
      .where('chain_id', '=', chainId)
      .where('loaded_bytes', '<', reached.bytes)
      .execute();
    await ctx.queue.send(tx, 'detect-tail', { chainId });
  });
  const closed = await ctx.db.selectFrom('tails').select('closed_bytes').where('chain_id', '=', chainId).executeTakeFirst();
  if (closed && closed.closed_bytes > at.bytes) await dropOpenRows(ctx, chainId, closed.closed_bytes);
}

/** Takes out what was loaded of an open segment up to `before`: it is closed, and loaded by its digest. */
export async function dropOpenRows(ctx: Context, chainId: string, before: number): Promise<void> {
  // A delete costs as much when there is nothing to take out, as for every chain that was uploaded.
  const found = await ctx.lake.query({ query: `SELECT 1 FROM events WHERE chain_id = {chainId: UUID} AND segment_digest = '' AND byte_offset < {before: UInt64} LIMIT 1`, query_params: { chainId, before }, format: 'JSONEachRow' });
  if ((await found.json()).length === 0) return;
  await ctx.lake.command({
    query: `DELETE FROM events WHERE chain_id = {chainId: UUID} AND segment_digest = '' AND byte_offset < {before: UInt64} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`,
    query_params: { chainId, before },
  });
}

/** The worst problem at each record from `from` on that has one. */
async function integrityByRecord(ctx: Context, chainId: string, from: number): Promise<Map<number, ProblemCode>> {
  const worst = new Map<number, ProblemCode>();
  noteWorst(worst, await ctx.db.selectFrom('tail_problems').select(['record', 'code']).where('chain_id', '=', chainId).where('record', '>=', from).limit(100_000).execute());
  return worst;
}
