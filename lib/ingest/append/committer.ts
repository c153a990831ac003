import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { AppendReceipt } from '../../schemas/appends';
import { AppendQueue, type Waiting } from './append-queue';
import { commit } from './commit';
import { type TailMemory, remember } from './open-tail';
import type { AppendRequest } from './request';
import { requireRoom } from './require-room';

/** A chain that is locked elsewhere is tried again after this. */
const LOCKED_ELSEWHERE_MS = 5;

export type Committer = { append(request: AppendRequest): Promise<AppendReceipt> };

/**
 * Takes appends of this process in and makes them durable together: whatever waits when a transaction ends shares the next one, and its
 * sync to disk. Chains are locked in the database, so that other processes and hosts may append to them as well. They come by the thousand a
 * second, so an action is not each of them: it is that somebody begins to append, once since nothing of the chain was open. That its bytes became a
 * segment is another one, which names the digest and everybody who appended.
 */
export function createCommitter(ctx: Context): Committer {
  const memory: TailMemory = new Map();
  const queue = new AppendQueue();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      while (!queue.isEmpty) {
        const isSettled = await settle(ctx, memory, queue, queue.nextBatch());
        if (!isSettled) await new Promise((resolve) => setTimeout(resolve, LOCKED_ELSEWHERE_MS));
      }
    } finally {
      isRunning = false;
    }
  }

  return {
    append(request) {
      const receipt = queue.add(request);
      if (!isRunning) void run();
      return receipt;
    },
  };
}

/** Answers the batch, but for what has to wait for a lock. False when all of it has to. */
async function settle(
  ctx: Context,
  memory: TailMemory,
  queue: AppendQueue,
  batch: readonly Waiting[],
): Promise<boolean> {
  const requests = batch.map(({ request }) => request);
  try {
    await requireRoom(
      ctx,
      requests.reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
    const startedMs = performance.now();
    const { outcomes, grown } = await commit(ctx, memory, requests);
    if (grown.length > 0)
      ctx.meter.committed(
        (performance.now() - startedMs) / 1000,
        outcomes.filter((outcome) => outcome && 'receipt' in outcome).length,
      );
    for (const { chainId, version, check, pending } of grown) remember(memory, chainId, { version, check, pending });
    const again: Waiting[] = [];
    for (const [index, item] of batch.entries()) {
      const outcome = outcomes[index];
      if (!outcome) again.push(item);
      else queue.answer(item, outcome);
    }
    queue.putBack(again);
    return again.length < batch.length;
  } catch (error) {
    const failure = isFull(error)
      ? new AppError(
          'STORAGE_FULL',
          'the database has no room left; nothing of this append was kept',
          {},
          { cause: error },
        )
      : error;
    for (const item of batch) queue.answer(item, { error: failure });
    return true;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '53100' || error.code === 'ENOSPC');
}
