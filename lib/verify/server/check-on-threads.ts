import 'server-only';
import { availableParallelism } from 'node:os';
import type { FormatId } from '../../core/chain/format';
import { sendStream } from '../../threads/send-stream';
import type { Streamed } from '../../threads/serve-streams';
import { type ThreadPool, createThreadPool } from '../../threads/thread-pool';
import type { Checked } from './check-thread';

let shared: ThreadPool | undefined;

/** As many as there are cores. */
export function createCheckThreads(): ThreadPool {
  return createThreadPool('lib/verify/server/check-thread.ts', availableParallelism());
}

/** Checks and hashes one segment on a thread, of which there is one a core; others wait for theirs. The bytes of chunks are given away, but for shared ones. */
export async function checkOnThreads(
  format: FormatId,
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  threads: ThreadPool = (shared ??=
    createCheckThreads()),
): Promise<Streamed<Checked>> {
  return sendStream<FormatId, Checked>(threads, format, chunks, signal);
}
