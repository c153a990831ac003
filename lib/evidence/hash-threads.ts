import 'server-only';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../threads/thread-entry';
import type { FromHash, ToHash } from './hash-thread';

/** Bytes on their way to a thread at once; a stream has two of these, so that one is filled while the other is hashed. */
const SLOT_BYTES = 1024 * 1024;
const SLOTS = 2;
/** Slots kept for the next streams. */
const MOST_IDLE = 8;

/** SHA-256 of a stream, worked out beside whoever sends it. Exactly one of `digest` and `discard` ends it. */
export type StreamHash = {
  /** Resolves when these bytes are not needed any more: shared memory is read where it lies, of other memory a copy is taken. */
  update(bytes: Buffer): Promise<void>;
  digest(): Promise<string>;
  discard(): void;
};

type Stream = { onAnswer(answer: FromHash): void; onFailure(error: Error): void };
type Thread = { worker: Worker; streams: Map<number, Stream> };

const threads: (Thread | null)[] = Array.from({ length: Math.min(2, availableParallelism()) }, () => null);
const idle: SharedArrayBuffer[] = [];
let begun = 0;

/**
 * Hashes on a thread, which many streams share: a reader that is slow holds memory and nothing else. Hashing is half of what it costs to
 * send an object on, and the thread that sends is the one that answers everybody.
 */
export function hashOnThread(): StreamHash {
  begun += 1;
  const id = begun;
  const thread = threadOf(id % threads.length);
  let failure: Error | null = null;
  let wake: (() => void)[] = [];
  let result: string | null = null;
  const free: Uint8Array<SharedArrayBuffer>[] = [];
  let made = 0;
  /** What the thread reads now: slots, and memory that is not ours. */
  const sent: (Uint8Array<SharedArrayBuffer> | { isRead: boolean })[] = [];
  let filling: { slot: Uint8Array<SharedArrayBuffer>; bytes: number } | null = null;

  const awake = () => {
    const waiting = wake;
    wake = [];
    for (const resolve of waiting) resolve();
  };
  const over = () => {
    thread.streams.delete(id);
    if (thread.streams.size === 0) thread.worker.unref();
    for (const { buffer } of [...free, ...(filling ? [filling.slot] : [])])
      if (idle.length < MOST_IDLE) idle.push(buffer);
    free.length = 0;
    filling = null;
  };
  thread.worker.ref();
  thread.streams.set(id, {
    onAnswer({ digest }) {
      const read = digest === null ? sent.shift() : null;
      if (read instanceof Uint8Array) free.push(read);
      else if (read) read.isRead = true;
      result = digest;
      awake();
    },
    onFailure(error) {
      failure = error;
      awake();
    },
  });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      if (failure) throw failure;
      await new Promise<void>((resolve) => wake.push(resolve));
    }
  };
  const slot = async (): Promise<Uint8Array<SharedArrayBuffer>> => {
    if (free.length === 0 && made < SLOTS) {
      made += 1;
      return new Uint8Array(idle.pop() ?? new SharedArrayBuffer(SLOT_BYTES));
    }
    await until(() => free.length > 0);
    const next = free.pop();
    if (!next) throw new Error('a slot is free');
    return next;
  };
  const flush = () => {
    if (!filling || filling.bytes === 0) return;
    sent.push(filling.slot);
    thread.worker.postMessage({ stream: id, bytes: filling.slot.subarray(0, filling.bytes) } satisfies ToHash, []);
    filling = null;
  };

  return {
    async update(bytes) {
      if (bytes.buffer instanceof SharedArrayBuffer) {
        flush();
        const given = { isRead: false };
        sent.push(given);
        thread.worker.postMessage({ stream: id, bytes } satisfies ToHash, []);
        return until(() => given.isRead);
      }
      for (let at = 0; at < bytes.length; ) {
        filling ??= { slot: await slot(), bytes: 0 };
        const part = bytes.subarray(at, at + SLOT_BYTES - filling.bytes);
        filling.slot.set(part, filling.bytes);
        filling.bytes += part.length;
        at += part.length;
        if (filling.bytes === SLOT_BYTES) flush();
      }
    },
    async digest() {
      try {
        flush();
        thread.worker.postMessage({ stream: id, end: 'digest' } satisfies ToHash, []);
        await until(() => result !== null);
        return result ?? '';
      } finally {
        over();
      }
    },
    discard() {
      thread.worker.postMessage({ stream: id, end: 'discard' } satisfies ToHash, []);
      over();
    },
  };
}

function threadOf(index: number): Thread {
  const known = threads[index];
  if (known) return known;
  const { url, execArgv } = threadEntry('lib/evidence/hash-thread.ts');
  const worker = new Worker(url, { execArgv });
  const thread: Thread = { worker, streams: new Map() };
  const end = (error: Error) => {
    if (threads[index] === thread) threads[index] = null;
    for (const stream of thread.streams.values()) stream.onFailure(error);
  };
  worker.on('message', (answer: FromHash) => thread.streams.get(answer.stream)?.onAnswer(answer));
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the thread that hashes evidence ended with code ${code}`)));
  worker.unref();
  threads[index] = thread;
  return thread;
}
