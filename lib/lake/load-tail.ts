import 'server-only';
import { sql } from 'kysely';
import { countNewlines, endOfLine, endOfLines } from '../core/bytes/newline';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import { tailBytes } from '../db/tails';
import { type Loaded, insertRows } from './insert-rows';
import { type Position, rowsOfTail, worstOfTail } from './rows-of';
import { deleteEvents } from './write';

/** Bytes of one run; what is left is loaded by the next. */
const RUN_BYTES = 8 * 1024 * 1024;

/** Chains whose new records go into the lake together. */
const MOST_CHAINS = 500;

/** New records of a chain, from a place at the start of a line to another. */
type Prepared = { chainId: string; from: Position; to: Position; rows: Loaded[] };

/**
 * Loads what was appended since the last run, so that it can be searched and the rules see it while the segment is open. Other chains that grew
 * meanwhile are loaded in the same run, as long as it stays small: a burst of appends to many chains at once costs little more than one.
 * Can run again at any point: a record loaded twice is one.
 */
export async function loadTail(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  const own = await prepare(ctx, chainId);
  if (!own) return;
  const prepared = [own];
  let bytes = own.to.bytes - own.from.bytes;
  let next: string | null = null;
  for (const id of await othersDue(ctx, chainId)) {
    next = bytes >= RUN_BYTES ? id : null;
    if (next) break;
    // What keeps another from being loaded its own job tells.
    const other = await prepare(ctx, id).catch(() => null);
    if (!other) continue;
    prepared.push(other);
    bytes += other.to.bytes - other.from.bytes;
  }
  await insertAll(ctx, prepared, next);
}

/** `next` is a chain that comes after these. */
async function insertAll(ctx: Context, prepared: readonly Prepared[], next: string | null): Promise<void> {
  const [own] = prepared;
  if (!own) return;
  const rows = prepared.flatMap((one) => one.rows);
  try {
    if (rows.length > 0) await insertRows(ctx, rows);
  } catch (error) {
    if (prepared.length === 1) throw error;
    return insertAll(ctx, [own], prepared[1]?.chainId ?? next);
  }
  await ctx.db.transaction().execute(async (tx) => {
    // In one order everywhere, or two that load the same chains wait for one another for ever.
    for (const { chainId, to } of prepared.toSorted((a, b) => (a.chainId < b.chainId ? -1 : 1))) {
      await tx
        .updateTable('tails')
        .set({ loaded_bytes: to.bytes, loaded_records: to.records, loaded_lines: to.lines })
        .where('chain_id', '=', chainId)
        .where('loaded_bytes', '<', to.bytes)
        .execute();
    }
    await ctx.queue.send(tx, 'detect-tail', { chainId: own.chainId });
    if (next) await ctx.queue.send(tx, 'load-tail', { chainId: next });
  });
  const closed = await ctx.db
    .selectFrom('tails')
    .select(['chain_id', 'closed_bytes'])
    .where(
      'chain_id',
      'in',
      prepared.map(({ chainId }) => chainId),
    )
    .execute();
  for (const { chain_id: chainId, closed_bytes: before } of closed)
    if (prepared.some((one) => one.chainId === chainId && before > one.from.bytes))
      await dropOpenRows(ctx, chainId, before);
}

/** Other chains that have something to load and did not fail lately, those that wait longest first. */
async function othersDue(ctx: Context, chainId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('tails')
    .select('chain_id')
    .where('chain_id', '!=', chainId)
    .where(sql<boolean>`greatest(loaded_bytes, closed_bytes) < complete_bytes`)
    .where('chain_id', 'not in', (eb) =>
      eb
        .selectFrom('job_failures')
        .where('kind', '=', 'load-tail')
        .where('chain_id', 'is not', null)
        .select((f) => f.ref('chain_id').$notNull().as('chain_id')),
    )
    .orderBy('appended_at')
    .limit(MOST_CHAINS)
    .execute();
  return rows.map(({ chain_id }) => chain_id);
}

/** What is new of a chain, at most `RUN_BYTES` or one line; null when nothing is. */
async function prepare(ctx: Context, chainId: string): Promise<Prepared | null> {
  const tail = await ctx.db
    .selectFrom('tails as t')
    .innerJoin('chains as c', 'c.id', 't.chain_id')
    .where('t.chain_id', '=', chainId)
    .selectAll('t')
    .select('c.format')
    .executeTakeFirst();
  if (!tail) return null;
  const from =
    tail.loaded_bytes >= tail.closed_bytes
      ? { bytes: tail.loaded_bytes, records: tail.loaded_records, lines: tail.loaded_lines }
      : { bytes: tail.closed_bytes, records: tail.closed_records, lines: tail.closed_lines };
  const bytes = await tailBytes(ctx, chainId, from.bytes, Math.min(tail.complete_bytes, from.bytes + RUN_BYTES));
  const end = endOfLines(bytes);
  const chain = { id: chainId, format: tail.format };
  if (end > 0) return withRows(ctx, chain, from, bytes.subarray(0, end));
  if (from.bytes + bytes.length >= tail.complete_bytes) return null;
  // A line may be longer than what one run reads.
  const long = await tailBytes(ctx, chainId, from.bytes, tail.complete_bytes);
  return withRows(ctx, chain, from, long.subarray(0, endOfLine(long)));
}

async function withRows(
  ctx: Context,
  chain: { id: string; format: FormatId },
  from: Position,
  bytes: Buffer,
): Promise<Prepared> {
  const rows: Loaded[] = [];
  for await (const batch of rowsOfTail(ctx, chain, from, bytes, await worstOfTail(ctx, chain.id, from.records)))
    for (const row of batch) rows.push(row);
  return {
    chainId: chain.id,
    from,
    to: {
      bytes: from.bytes + bytes.length,
      records: from.records + rows.length,
      lines: from.lines + countNewlines(bytes),
    },
    rows,
  };
}

/** Takes out what was loaded of an open segment up to `before`: it is closed, and loaded by its digest. */
export async function dropOpenRows(ctx: Context, chainId: string, before: number): Promise<void> {
  await deleteEvents(ctx, `chain_id = {chainId: UUID} AND segment_digest = '' AND byte_offset < {before: UInt64}`, {
    chainId,
    before,
  });
}
