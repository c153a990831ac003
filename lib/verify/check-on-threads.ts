import 'server-only';
import { on } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { SegmentCheck } from '../core/chain/check';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import { type ThreadPool, createThreadPool } from '../threads/thread-pool';
import type { FromThread, ToThread } from './check-thread';

/** Chunks on their way to a thread: one is checked while the next is read. */
const AHEAD = 2;

let runs = 0;
let shared: ThreadPool | undefined;

/** As many as there are cores. They read TypeScript by the same loader as every process of ours, however this one was started. */
export function createCheckThreads(): ThreadPool {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return createThreadPool(new URL('check-thread.ts', import.meta.url), availableParallelism(), { execArgv: ['--conditions=react-server', '--import', loader] });
}

/** Checks one segment on a thread, of which there is one a core; others wait for theirs. The bytes of chunks are given away. */
export async function checkOnThreads(format: FormatId, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, signal?: AbortSignal, threads: ThreadPool = (shared ??= createCheckThreads())): Promise<{ check: SegmentCheck; problems: Problem[] }> {
  return threads.use(async (thread) => {
    runs += 1;
    const run = runs;
    const send = (message: ToThread, given: ArrayBuffer[] = []) => thread.postMessage(message, given);
    const messages = on(thread, 'message', { signal }) as AsyncIterableIterator<[FromThread]>; // the thread sends nothing else
    const answer = async (): Promise<FromThread> => {
      for (let next = await messages.next(); !next.done; next = await messages.next()) if (next.value[0].run === run) return next.value[0];
      throw new Error('the thread gave no answer');
    };
    try {
      send({ run, begin: format });
      let unanswered = 0;
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        const bytes = chunk.length === chunk.buffer.byteLength ? new Uint8Array(chunk.buffer) : Uint8Array.from(chunk); // a part of a shared buffer is copied
        send({ run, chunk: bytes }, [bytes.buffer]);
        unanswered += 1;
        if (unanswered < AHEAD) continue;
        await answer();
        unanswered -= 1;
      }
      send({ run, end: true });
      for (;;) {
        const { checked } = await answer();
        if (checked) return checked;
      }
    } finally {
      await messages.return?.();
    }
  });
}
