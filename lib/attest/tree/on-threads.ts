import 'server-only';
import { availableParallelism } from 'node:os';
import { sendStream } from '../../threads/send-stream';
import type { Streamed } from '../../threads/serve-streams';
import { type ThreadPool, createThreadPool } from '../../threads/thread-pool';
import type { TreeMade, TreeOf } from './tree-thread';

export const TREE_THREADS = availableParallelism();

let shared: ThreadPool | undefined;

/** Builds the tree of one segment on a thread, of which there is one a core; others wait for theirs. The bytes of chunks are given away, but for shared ones. */
export async function treeOnThreads(segment: TreeOf, chunks: AsyncIterable<Uint8Array>): Promise<Streamed<TreeMade>> {
  shared ??= createThreadPool('lib/attest/tree/tree-thread.ts', TREE_THREADS);
  return sendStream<TreeOf, TreeMade>(shared, segment, chunks);
}
