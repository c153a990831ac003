import 'server-only';
import type { Context } from '../context';
import { formatById } from '../core/formats';
import { requireChain, segmentsOf } from '../db/chains';
import { isDeletedChain } from '../db/deleted-chains';
import { lockUntilCommit } from '../db/lock';
import { ROW_THREADS, loadSegment } from './load-segment';
import { dropOpenRows } from './load-tail';
import { type Segment, worstOfChain } from './rows-of';
import { deleteEvents, insertBlock } from './write';

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
  if (await isDeletedChain(ctx.db, chainId)) return true;
  const segments = await segmentsOf(ctx.db, chainId);
  const missing = segments.filter((segment) => segment.loaded_generation === null);
  await takeOut(
    ctx,
    chainId,
    segments.filter((segment) => segment.loaded_generation !== null),
  );
  const integrity = await worstOfChain(ctx, chainId);
  const turn = upTo(TURN_BYTES, missing);
  const queue = turn.values();
  const loadNext = async (): Promise<void> => {
    for (const segment of queue) {
      signal?.throwIfAborted();
      await loadSegment(ctx, chain, segment, integrity, (block) => insertBlock(ctx, block), signal);
      await noteLoaded(ctx, chain, segment);
    }
  };
  // None goes on behind whoever gives up.
  const loaders = await Promise.allSettled(Array.from({ length: ROW_THREADS }, loadNext));
  for (const loader of loaders) if (loader.status === 'rejected') throw loader.reason;
  if (turn.length < missing.length) return false;
  const closedBytes = segments.reduce((sum, segment) => sum + segment.size_bytes, 0);
  if (missing.length > 0) await dropOpenRows(ctx, chainId, closedBytes);
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'chain', chain.name);
    if ((await requireChain(tx, chainId)).generation !== chain.generation) return;
    await tx
      .updateTable('chains')
      .set({ loaded_generation: chain.generation, updated_at: ctx.now() })
      .where('id', '=', chainId)
      .execute();
    await ctx.queue.send(tx, 'detect-chain', { chainId });
    // Nobody waits for it, and it reads the whole chain: after the records can be searched.
    if (formatById(chain.format).referenceVerifier) await ctx.queue.send(tx, 'follow-reference', { chainId });
  });
  return true;
}

/** Deletes the chain's rows that are of none of the segments known to be loaded whole and in place. */
async function takeOut(ctx: Context, chainId: string, keep: readonly Segment[]): Promise<void> {
  const where = `chain_id = {chainId: UUID} AND segment_digest != '' AND NOT has({keep: Array(String)}, concat(segment_digest, ':', toString(segment_index)))`;
  await deleteEvents(ctx, where, { chainId, keep: keep.map(({ digest, index }) => `${digest}:${index}`) });
}

/** The first segments, as many as have so many bytes, and one at least. */
function upTo(bytes: number, segments: readonly Segment[]): readonly Segment[] {
  let taken = 0;
  const end = segments.findIndex(({ size_bytes: sizeBytes }) => (taken += sizeBytes) >= bytes);
  return end === -1 ? segments : segments.slice(0, end + 1);
}

async function noteLoaded(ctx: Context, chain: { id: string; generation: number }, segment: Segment): Promise<void> {
  await ctx.db
    .updateTable('chain_segments')
    .set({ loaded_generation: chain.generation })
    .where('chain_id', '=', chain.id)
    .where('index', '=', segment.index)
    .where('digest', '=', segment.digest)
    .where('first_record', '=', segment.first_record)
    .execute();
}
