import 'server-only';
import { sql } from 'kysely';
import { countNewlines, endOfLine, endOfLines } from '../core/bytes/newline';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import type { ProblemCode } from '../core/chain/problem';
import { tailBytes, tailParts } from '../db/tail-bytes';
import { noteLoadedTails } from '../db/tails';
import { type Loaded, insertRows } from './insert-rows';
import { type Position, rowsOfTail, worstOfTails } from './rows-of';
import { deleteEvents } from './write';

/** Bytes of one run; what is left is loaded by the next. */
const RUN_BYTES = 8 * 1024 * 1024;

/** Chains whose new records go into the lake together. */
const MOST_CHAINS = 500;

/** What is new of a chain, in bytes: the start of a line, and its last newline. */
type Due = { id: string; format: FormatId; from: Position; completeBytes: number };
/** New records of a chain, from a place at the start of a line to another. */
type Prepared = { chainId: string; from: Position; to: Position; rows: Loaded[] };

/**
 * Loads what was appended since the last run, so that it can be searched and the rules see it while the segment is open. Other chains that grew
 * meanwhile are loaded in the same run, as long as it stays small: a burst of appends to many chains at once costs little more than one.
 * Can run again at any point: a record loaded twice is one.
 */
export async function loadTail(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  const due = await dueTails(ctx, chainId);
  const [first] = due;
  if (first?.id !== chainId) return;
  const taken = due.slice(0, fitting(due));
  const [own, ...others] = await prepareAll(ctx, taken);
  if (own instanceof Error) throw own;
  if (!own) return;
  // What keeps another from being loaded its own job tells.
  const prepared = [own, ...others.flatMap((one) => (one === null || one instanceof Error ? [] : [one]))];
  await insertAll(ctx, prepared, due[taken.length]?.id ?? null);
}

/** Chains that have something to load: this one first, then those that did not fail lately, those that wait longest first. */
async function dueTails(ctx: Context, chainId: string): Promise<Due[]> {
  const rows = await ctx.db
    .selectFrom('tails as t')
    .innerJoin('chains as c', 'c.id', 't.chain_id')
    .select([
      'c.id',
      'c.format',
      't.complete_bytes',
      't.closed_bytes',
      't.closed_records',
      't.closed_lines',
      't.loaded_bytes',
      't.loaded_records',
      't.loaded_lines',
    ])
    .where(sql<boolean>`greatest(t.loaded_bytes, t.closed_bytes) < t.complete_bytes`)
    .where((eb) =>
      eb.or([
        eb('t.chain_id', '=', chainId),
        eb(
          't.chain_id',
          'not in',
          eb
            .selectFrom('job_failures')
            .where('kind', '=', 'load-tail')
            .where('chain_id', 'is not', null)
            .select((f) => f.ref('chain_id').$notNull().as('chain_id')),
        ),
      ]),
    )
    .orderBy((eb) => eb('t.chain_id', '=', chainId), 'desc')
    .orderBy('t.appended_at')
    .limit(MOST_CHAINS)
    .execute();
  return rows.map((tail) => ({
    id: tail.id,
    format: tail.format,
    completeBytes: tail.complete_bytes,
    from:
      tail.loaded_bytes >= tail.closed_bytes
        ? { bytes: tail.loaded_bytes, records: tail.loaded_records, lines: tail.loaded_lines }
        : { bytes: tail.closed_bytes, records: tail.closed_records, lines: tail.closed_lines },
  }));
}

/** How many of the first chains are of one run. */
function fitting(due: readonly Due[]): number {
  let bytes = 0;
  for (const [index, { completeBytes, from }] of due.entries()) {
    if (bytes >= RUN_BYTES) return index;
    bytes += completeBytes - from.bytes;
  }
  return due.length;
}

/** What is new of chains, of each at most `RUN_BYTES` or one line; null of one of which nothing is, and what is wrong with one that is not read. */
async function prepareAll(ctx: Context, due: readonly Due[]): Promise<(Prepared | Error | null)[]> {
  const [parts, worst] = await Promise.all([
    tailParts(
      ctx,
      due.map(({ id, from, completeBytes }) => ({
        chainId: id,
        from: from.bytes,
        to: Math.min(completeBytes, from.bytes + RUN_BYTES),
      })),
    ),
    worstOfTails(
      ctx,
      due.map(({ id, from }) => ({ chainId: id, from: from.records })),
    ),
  ]);
  return Promise.all(
    due.map(async (one) => {
      const bytes = parts.get(one.id);
      if (bytes === undefined || bytes instanceof Error) return bytes ?? null;
      return prepare(ctx, one, bytes, worst.get(one.id) ?? new Map()).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
    }),
  );
}

async function prepare(
  ctx: Context,
  chain: Due,
  bytes: Buffer,
  worst: ReadonlyMap<number, ProblemCode>,
): Promise<Prepared | null> {
  const { from, completeBytes } = chain;
  const end = endOfLines(bytes);
  if (end > 0) return withRows(ctx, chain, bytes.subarray(0, end), worst);
  if (from.bytes + bytes.length >= completeBytes) return null;
  // A line may be longer than what one run reads.
  const long = await tailBytes(ctx, chain.id, from.bytes, completeBytes);
  return withRows(ctx, chain, long.subarray(0, endOfLine(long)), worst);
}

async function withRows(
  ctx: Context,
  { id, format, from }: Due,
  bytes: Buffer,
  worst: ReadonlyMap<number, ProblemCode>,
): Promise<Prepared> {
  const rows: Loaded[] = [];
  for await (const batch of rowsOfTail(ctx, { id, format }, from, bytes, worst))
    for (const row of batch) rows.push(row);
  return {
    chainId: id,
    from,
    to: {
      bytes: from.bytes + bytes.length,
      records: from.records + rows.length,
      lines: from.lines + countNewlines(bytes),
    },
    rows,
  };
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
    await noteLoadedTails(tx, prepared);
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

/** Takes out what was loaded of an open segment up to `before`: it is closed, and loaded by its digest. */
export async function dropOpenRows(ctx: Context, chainId: string, before: number): Promise<void> {
  await deleteEvents(ctx, `chain_id = {chainId: UUID} AND segment_digest = '' AND byte_offset < {before: UInt64}`, {
    chainId,
    before,
  });
}
