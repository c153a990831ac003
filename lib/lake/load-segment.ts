import 'server-only';
import { availableParallelism } from 'node:os';
import type { Context } from '../context';
import type { ProblemCode } from '../core/chain/problem';
import { giveUp } from '../threads/give-up';
import { sendStream } from '../threads/send-stream';
import { type ThreadPool, createThreadPool } from '../threads/thread-pool';
import { insertRows, isOfRows } from './insert-rows';
import { nativeBlock } from './native-block';
import type { RowsOf } from './row-reader';
import { type ChainOfRows, type Segment, provenBytes, rowsOfSegment, segmentRows } from './rows-of';

/** Segments of one chain that are loaded side by side. */
export const ROW_THREADS = availableParallelism();
/** INSERTs of a segment that run while its next rows are made. */
const INSERTS_UNDER_WAY = 1;

let shared: ThreadPool | undefined;

type InsertBlock = (block: Uint8Array) => Promise<void>;

/**
 * Loads every record of a closed segment: rows are made on a thread and go to the lake in blocks. Where the lake refuses what a record holds, the
 * segment is gone through again with its rows one by one.
 */
export async function loadSegment(
  ctx: Context,
  chain: ChainOfRows,
  segment: Segment,
  integrity: ReadonlyMap<number, ProblemCode>,
  insert: InsertBlock,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await loadBlocks(ctx, segment, segmentRows(chain, segment, within(segment, integrity)), insert, signal);
  } catch (error) {
    if (!isOfRows(error)) throw error;
    for await (const batch of rowsOfSegment(ctx, chain, segment, integrity)) {
      signal?.throwIfAborted();
      await insertRows(ctx, batch, (rows) => insert(nativeBlock(rows)));
    }
  }
}

async function loadBlocks(
  ctx: Context,
  segment: Segment,
  of: RowsOf,
  insert: InsertBlock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const inserting: Promise<void>[] = [];
  const begin = async (block: Uint8Array): Promise<void> => {
    if (inserting.length >= INSERTS_UNDER_WAY) await inserting.shift();
    const insertion = insert(block).then(() => giveUp(block));
    insertion.catch(() => undefined); // told where it is awaited
    inserting.push(insertion);
  };
  shared ??= createThreadPool('lib/lake/rows-thread.ts', ROW_THREADS);
  try {
    await sendStream<RowsOf, { records: number }>(shared, of, await provenBytes(ctx, segment), signal, begin);
  } finally {
    // None goes on behind whoever gives up.
    await Promise.allSettled(inserting);
  }
  await Promise.all(inserting);
}

/** The problems of one segment's records: whichever there are fewer of is gone through. */
function within(
  { first_record: first, records }: Segment,
  integrity: ReadonlyMap<number, ProblemCode>,
): ReadonlyMap<number, ProblemCode> {
  if (integrity.size <= records)
    return new Map([...integrity].filter(([ordinal]) => ordinal >= first && ordinal < first + records));
  const found = new Map<number, ProblemCode>();
  for (let ordinal = first; ordinal < first + records; ordinal += 1) {
    const problem = integrity.get(ordinal);
    if (problem) found.set(ordinal, problem);
  }
  return found;
}
