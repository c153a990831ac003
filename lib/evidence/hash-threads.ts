import 'server-only';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../threads/thread-entry';
import type { FromHash, ToHash } from './hash-thread';
import { SLOT_BYTES, type Slot, Slots } from './hash-slots';

/** SHA-256 of a stream, worked out while it is sent. Exactly one of `digest` and `discard` ends it. */
export type StreamHash = {
  /**
   * Resolves with the bytes when they are not needed any more. Those that `isGiven` is true of are away until then; of others a copy is taken, and
   * the next are sent when it resolved.
   */
  update(bytes: Buffer): Promise<Buffer>;
  digest(): Promise<string>;
  discard(): void;
};

type Stream = { onAnswer(answer: FromHash): void; onFailure(error: Error): void };
type Thread = { worker: Worker; streams: Map<number, Stream> };

/** From this on memory of its own is given to the thread rather than copied. */
const GIVEN_BYTES = SLOT_BYTES / 4;

/** Whether bytes lie alone in memory that is worth giving to the thread. */
export function isGiven({ buffer, length }: Buffer): boolean {
  return buffer instanceof ArrayBuffer && length === buffer.byteLength && length >= GIVEN_BYTES;
}

const threads: (Thread | null)[] = Array.from({ length: Math.min(2, availableParallelism()) }, () => null);
let begun = 0;

/**
 * Hashes on a thread, which many streams share: a reader that is slow holds memory and nothing else. Hashing is half of what it costs to
 * send an object on, and the thread that sends is the one that answers everybody.
 */
export function hashOnThread(): StreamHash {
  begun += 1;
  return new ThreadedHash(begun, threadOf(begun % threads.length));
}

class ThreadedHash implements StreamHash, Stream {
  readonly #id: number;
  readonly #thread: Thread;
  readonly #slots = new Slots();
  /** What the thread reads now: slots, and memory that was given to it. */
  readonly #sent: (Slot | { back: Buffer | null })[] = [];
  #filling: { slot: Slot; bytes: number } | null = null;
  #result: string | null = null;
  #failure: Error | null = null;
  #wake: (() => void)[] = [];

  constructor(id: number, thread: Thread) {
    this.#id = id;
    this.#thread = thread;
    thread.worker.ref();
    thread.streams.set(id, this);
  }

  async update(bytes: Buffer): Promise<Buffer> {
    const { buffer } = bytes;
    if (isGiven(bytes) && buffer instanceof ArrayBuffer) {
      this.#flush();
      const given: { back: Buffer | null } = { back: null };
      this.#sent.push(given);
      this.#post({ stream: this.#id, bytes: new Uint8Array(buffer) }, [buffer]);
      return this.#until(() => given.back);
    }
    for (let at = 0; at < bytes.length; ) {
      this.#filling ??= { slot: await this.#slot(), bytes: 0 };
      const { slot, bytes: filled } = this.#filling;
      const part = bytes.subarray(at, at + SLOT_BYTES - filled);
      slot.set(part, filled);
      this.#filling.bytes += part.length;
      at += part.length;
      if (this.#filling.bytes === SLOT_BYTES) this.#flush();
    }
    return bytes;
  }

  async digest(): Promise<string> {
    try {
      this.#flush();
      this.#post({ stream: this.#id, end: 'digest' });
      return await this.#until(() => this.#result);
    } finally {
      this.#end();
    }
  }

  discard(): void {
    this.#post({ stream: this.#id, end: 'discard' });
    this.#end();
  }

  onAnswer(answer: FromHash): void {
    if (answer.digest === null) {
      const read = this.#sent.shift();
      if (read instanceof Uint8Array) this.#slots.giveBack(read);
      else if (read && answer.given) read.back = Buffer.from(answer.given);
    }
    this.#result = answer.digest;
    this.#awake();
  }

  onFailure(error: Error): void {
    this.#failure = error;
    this.#awake();
  }

  async #slot(): Promise<Slot> {
    await this.#until(() => this.#slots.isAvailable || null);
    return this.#slots.take();
  }

  #flush(): void {
    if (!this.#filling || this.#filling.bytes === 0) return;
    const { slot, bytes } = this.#filling;
    this.#sent.push(slot);
    this.#post({ stream: this.#id, bytes: slot.subarray(0, bytes) });
    this.#filling = null;
  }

  #post(message: ToHash, given: ArrayBuffer[] = []): void {
    this.#thread.worker.postMessage(message, given);
  }

  /** Waits until there is one. */
  async #until<T>(look: () => T | null): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== null) return found;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #awake(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }

  #end(): void {
    this.#thread.streams.delete(this.#id);
    if (this.#thread.streams.size === 0) this.#thread.worker.unref();
    if (this.#filling) this.#slots.giveBack(this.#filling.slot);
    this.#filling = null;
    this.#slots.release();
  }
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
