import 'server-only';
import { on } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { FormatId } from '../core/chain/format';
import { type ThreadPool, createThreadPool } from '../threads/thread-pool';
import type { Checked, FromThread, ToThread } from './check-thread';

/** Chunks on their way to a thread: one is checked while the next is read. */
const AHEAD = 2;

let runs = 0;
let shared: ThreadPool | undefined;

/** As many as there are cores. They read TypeScript by the same loader as every process of ours, however this one was started. */
export function createCheckThreads(): ThreadPool {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return createThreadPool(new URL('check-thread.ts', import.meta.url), availableParallelism(), { execArgv: ['--conditions=react-server', '--import', loader] });
}

/** Checks and hashes one segment on a thread, of which there is one a core; others wait for theirs. The bytes of chunks are given away, but for shared ones. */
export async function checkOnThreads(format: FormatId, chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal, threads: ThreadPool = (shared ??= createCheckThreads())): Promise<Checked> {
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
        give(send, run, chunk);
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

/** Shared memory is read where it lies; what has a buffer of its own goes over with it; a part of one is copied. */
function give(send: (message: ToThread, given?: ArrayBuffer[]) => void, run: number, chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (!(buffer instanceof ArrayBuffer)) return send({ run, chunk: new Uint8Array(buffer, chunk.byteOffset, chunk.length) });
  const bytes = chunk.length === buffer.byteLength ? new Uint8Array(buffer) : Uint8Array.from(chunk);
  send({ run, chunk: bytes }, [bytes.buffer]);
}
