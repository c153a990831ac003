import 'server-only';
import { on } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FormatId } from '../../core/chain/format';
import type { SegmentTree } from '../../core/merkle/segment-tree';
import { type ThreadPool, createThreadPool } from '../../threads/thread-pool';
import type { FromThread, ToThread } from './tree-thread';

/** Chunks on their way to a thread: one is hashed while the next is read. */
const AHEAD = 2;

export const TREE_THREADS = availableParallelism();

let runs = 0;
let shared: ThreadPool | undefined;

/**
 * They read TypeScript by the same loader as every process of ours, however this one was started. Found from the root of the
 * installation: the pages are bundled, and where this module was is not known there.
 */
function treeThreads(): ThreadPool {
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  const loader = pathToFileURL(createRequire(path.join(root, 'package.json')).resolve('tsx')).href;
  return createThreadPool(pathToFileURL(path.join(root, 'lib/attest/tree/tree-thread.ts')), TREE_THREADS, { execArgv: ['--conditions=react-server', '--import', loader] });
}

/** Builds the tree of one segment on a thread, of which there is one a core; others wait for theirs. The bytes of chunks are given away. */
export async function treeOnThreads(segment: { phase: number; format: FormatId; damaged: boolean }, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<SegmentTree> {
  shared ??= treeThreads();
  return shared.use(async (thread) => {
    runs += 1;
    const run = runs;
    const send = (message: ToThread, given: ArrayBuffer[] = []) => thread.postMessage(message, given);
    const messages = on(thread, 'message') as AsyncIterableIterator<[FromThread]>; // the thread sends nothing else
    const answer = async (): Promise<FromThread> => {
      for (let next = await messages.next(); !next.done; next = await messages.next()) if (next.value[0].run === run) return next.value[0];
      throw new Error('the thread gave no answer');
    };
    try {
      send({ run, begin: segment });
      let unanswered = 0;
      for await (const chunk of chunks) {
        const bytes = chunk.length === chunk.buffer.byteLength ? new Uint8Array(chunk.buffer) : Uint8Array.from(chunk); // a part of a shared buffer is copied
        send({ run, chunk: bytes }, [bytes.buffer]);
        unanswered += 1;
        if (unanswered < AHEAD) continue;
        await answer();
        unanswered -= 1;
      }
      send({ run, end: true });
      for (;;) {
        const { tree } = await answer();
        if (tree) return tree;
      }
    } finally {
      await messages.return?.();
    }
  });
}
