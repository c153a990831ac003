import 'server-only';
import { on } from 'node:events';
import type { FromStream, Streamed, ToStream } from './serve-streams';
import type { ThreadPool } from './thread-pool';

/** Chunks on their way to a thread: one is worked on while the next is read. */
const AHEAD = 2;

let runs = 0;

/** Takes a part of what is made; no more is sent before it is done with it. */
type TakePart = (part: Uint8Array<ArrayBuffer>) => Promise<void>;

/**
 * Sends a stream to a thread of the pool that runs `serveStreams`, and answers what it makes of it, once `takePart` has all parts of it. Waits for
 * a free thread. The bytes of chunks are given away, but for those in shared memory, which the thread reads where they lie.
 */
export async function sendStream<Begin, Made>(
  threads: ThreadPool,
  begin: Begin,
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  takePart: TakePart = () => Promise.reject(new Error('nobody takes parts of what is made')),
): Promise<Streamed<Made>> {
  return threads.use(async (thread) => {
    runs += 1;
    const run = runs;
    const send = (message: ToStream<Begin>, given: ArrayBuffer[] = []) => thread.postMessage(message, given);
    const messages = on(thread, 'message', { signal }) as AsyncIterableIterator<[FromStream<Made>]>; // the thread sends nothing else
    const answer = async (): Promise<FromStream<Made>> => {
      for (let next = await messages.next(); !next.done; next = await messages.next()) {
        const [given] = next.value;
        if (given.run !== run) continue;
        for (const part of given.parts) await takePart(part);
        return given;
      }
      throw new Error('the thread gave no answer');
    };
    try {
      send({ run, begin });
      let unanswered = 0;
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        const { bytes, given } = own(chunk);
        send({ run, chunk: bytes }, given);
        unanswered += 1;
        if (unanswered < AHEAD) continue;
        await answer();
        unanswered -= 1;
      }
      send({ run, end: true });
      for (;;) {
        const { made } = await answer();
        if (made) return made;
      }
    } finally {
      await messages.return?.();
    }
  });
}

/** A chunk as it goes over: shared memory as it is, a buffer of its own with it, a part of a buffer as a copy. */
function own(chunk: Uint8Array): { bytes: Uint8Array; given: ArrayBuffer[] } {
  const { buffer } = chunk;
  if (!(buffer instanceof ArrayBuffer))
    return { bytes: new Uint8Array(buffer, chunk.byteOffset, chunk.length), given: [] };
  const bytes = chunk.length === buffer.byteLength ? new Uint8Array(buffer) : Uint8Array.from(chunk);
  return { bytes, given: [bytes.buffer] };
}
