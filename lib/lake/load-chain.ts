import 'server-only';
import type { Context } from '../context';
import type { ProblemCode, ProblemCounts } from '../core/chain/problem';
import { recordsOf } from '../core/chain/line-records';
import { splitLines } from '../core/chain/lines';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { lockUntilCommit } from '../db/lock';
import { problemsOf } from '../db/problems';
import { eventRow } from './event-row';
import { BATCH_BYTES, BATCH_ROWS, type Loaded, insertRows, loaded } from './insert-rows';
import { dropOpenRows } from './load-tail';
import { noteWorst } from './worst-by-record';

/** INSERTs that run while the next rows are read. */
const INSERTS_UNDER_WAY = 2;
/** Bytes of evidence after which other chains have their turn before this one goes on. */
const TURN_BYTES = 256 * 1024 * 1024;

/**
 * Brings the lake to what the chain holds now: takes out what left the chain, loads what is not there yet, segment by segment.
 * Can be run again at any point: a segment half loaded is taken out first. Verified or not, every record becomes an event.
 * A large chain is loaded in several turns, each of which queues the next.
 */
export async function loadChain(ctx: Context, { chainId }: { chainId: string }, signal?: AbortSignal): Promise<void> {
  const isDone = await loadTurn(ctx, chainId, signal);
  if (!isDone) await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'load-chain', { chainId }));
}

/** One turn of loading. False when there is more to load. */
export async function loadTurn(ctx: Context, chainId: string, signal?: AbortSignal): Promise<boolean> {
  const chain = await requireChain(ctx.db, chainId);
  if (chain.verified_generation !== chain.generation) return true; // the join of the newer generation comes back here
  const segments = await segmentsOf(ctx.db, chainId);
  const missing = segments.filter((segment) => segment.loaded_generation === null);
  await takeOut(ctx, chainId, segments.filter((segment) => segment.loaded_generation !== null));
  const integrity = await integrityByRecord(ctx, chainId);
  let turnBytes = 0;
  for (const segment of missing) {
    if (turnBytes >= TURN_BYTES) return false;
    turnBytes += segment.size_bytes;
    await loadSegment(ctx, chain, segment, integrity, signal);
    await ctx.db
      .updateTable('chain_segments')
      .set({ loaded_generation: chain.generation })
      .where('chain_id', '=', chainId)
      .where('index', '=', segment.index)
      .where('digest', '=', segment.digest)
      .where('first_record', '=', segment.first_record)
      .execute();
  }
  const closedBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  if (missing.length > 0) await dropOpenRows(ctx, chainId, closedBytes);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    if ((await requireChain(tx, chainId)).generation !== chain.generation) return;
    await tx.updateTable('chains').set({ loaded_generation: chain.generation, updated_at: ctx.now() }).where('id', '=', chainId).execute();
    await ctx.queue.send(tx, 'detect-chain', { chainId });
    // Nobody waits for it, and it reads the whole chain: after the records can be searched.
    await ctx.queue.send(tx, 'follow-original', { chainId });
  });
  return true;
}

type Segment = Awaited<ReturnType<typeof segmentsOf>>[number];

/** Deletes the chain's rows that are of none of the segments known to be loaded whole and in place. */
async function takeOut(ctx: Context, chainId: string, keep: readonly Segment[]): Promise<void> {
  const which = `chain_id = {chainId: UUID} AND segment_digest != '' AND NOT has({keep: Array(String)}, concat(segment_digest, ':', toString(segment_index)))`;
  const query_params = { chainId, keep: keep.map(({ digest, index }) => `${digest}:${index}`) };
  // A delete costs as much when there is nothing to take out, as for every chain that is new.
  const found = await ctx.lake.query({ query: `SELECT 1 FROM events WHERE ${which} LIMIT 1`, query_params, format: 'JSONEachRow' });
  if ((await found.json()).length === 0) return;
  await ctx.lake.command({ query: `DELETE FROM events WHERE ${which} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2`, query_params });
}

async function loadSegment(ctx: Context, chain: { id: string; format: Parameters<typeof formatById>[0]; problem_counts: ProblemCounts }, segment: Segment, integrity: ReadonlyMap<number, ProblemCode>, signal?: AbortSignal): Promise<void> {
  const format = formatById(chain.format);
  let ordinal = segment.first_record;
  // A record without a hash that is no problem of its own is proven by nothing all the same.
  const unhashed: ProblemCode = chain.problem_counts['no-chain'] ? 'no-chain' : 'legacy-prefix';
  let rows: Loaded[] = [];
  let rowsBytes = 0;
  const inserting: Promise<unknown>[] = [];
  const flush = async () => {
    signal?.throwIfAborted();
    if (inserting.length >= INSERTS_UNDER_WAY) await inserting.shift();
    const insert = insertRows(ctx, rows);
    insert.catch(() => undefined); // told where it is awaited
    inserting.push(insert);
    rows = [];
    rowsBytes = 0;
  };
  // As a part, every byte of which is proven before it is given: a row in the lake is shown from the moment it is there.
  for await (const line of splitLines(await ctx.evidence.read(segment.digest, { from: 0, to: segment.size_bytes }))) {
    for (const { line: part, read } of line.tooLong ? [] : recordsOf(format, ctx.hasher, line)) {
      const place = { chainId: chain.id, segment, ordinal, line: segment.first_line + part.number, byteOffset: segment.byte_offset + part.byteOffset, byteLength: part.bytes.length };
      rows.push(loaded(eventRow(format, part.bytes, read, place, integrity.get(ordinal) ?? (read.hash === null ? unhashed : undefined)), part.bytes));
      rowsBytes += part.bytes.length;
      ordinal += 1;
    }
    if (rows.length >= BATCH_ROWS || rowsBytes >= BATCH_BYTES) await flush();
  }
  if (rows.length > 0) await flush();
  await Promise.all(inserting);
}

/** The worst problem at each record that has one. */
async function integrityByRecord(ctx: Context, chainId: string): Promise<Map<number, ProblemCode>> {
  const worst = new Map<number, ProblemCode>();
  for (let after: { byteOffset: number; n: number } | undefined; ; ) {
    const problems = await problemsOf(ctx.db, chainId, { after, limit: 10_000 });
    noteWorst(worst, problems);
    const last = problems.at(-1);
    if (!last || problems.length < 10_000) return worst;
    after = { byteOffset: last.byteOffset, n: last.n };
  }
}
