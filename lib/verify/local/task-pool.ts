import 'server-only';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../core/errors';
import { formatById } from '../../core/formats';
import { hasherFor } from '../../crypto/hasher';
import type { Answered, Requested } from './task-thread';
import { type TaskKind, type Tasks, bytesToFollow, runTask } from './tasks';

export type TaskPool = {
  readonly threads: number;
  /** @throws AppError UNREADABLE_BODY. */
  run<K extends TaskKind>(kind: K, input: Tasks[K]['input']): Promise<Tasks[K]['output']>;
  /** Counts bytes read elsewhere. */
  count(bytes: number): void;
  /** Bytes read for checks so far. */
  bytesRead(): number;
  close(): Promise<void>;
};
type Run = TaskPool['run'];

/** A verifier is led down so much here; down more on a thread, as that takes long and nothing else would be done meanwhile. */
const FOLLOWED_HERE_BYTES = 1024 * 1024;

/** Runs tasks on so many threads, of which this is one: it works while the others begin. Between two tasks here there is time for anything else. */
export async function createTaskPool(threads: number): Promise<TaskPool> {
  const shared = new SharedArrayBuffer(8);
  const bytesRead = new BigInt64Array(shared);
  const count = (bytes: number) => void Atomics.add(bytesRead, 0, BigInt(bytes));
  const here: Run = async (kind, input) => {
    const hasher = await hasherFor(formatById(input.format));
    await setImmediate();
    return runTask(kind, { hasher, onBytes: count }, input);
  };
  const others = Math.max(1, threads - 1);
  const begin = async () => {
    const { createThreadPool } = await import('../../threads/thread-pool');
    return createThreadPool('lib/verify/local/task-thread.ts', others, { workerData: { bytesRead: shared } });
  };
  let pool: ReturnType<typeof begin> | null = null;
  const there: Run = async <K extends TaskKind>(kind: K, input: Tasks[K]['input']) =>
    (await (pool ??= begin())).use(async (thread) => {
      thread.postMessage({ kind, input } satisfies Requested);
      const [answered] = (await once(thread, 'message')) as [Answered]; // the thread answers each task once
      if ('failure' in answered) throw new AppError(answered.failure.code, answered.failure.message);
      return answered.output as Tasks[K]['output']; // of a task of this kind
    });
  const places = createPlaces([here, ...(threads > 1 ? Array.from({ length: others }, () => there) : [])]);
  return {
    threads,
    async run(kind, input) {
      if ('canonical' in input && bytesToFollow(input) > FOLLOWED_HERE_BYTES) return there(kind, input);
      const place = await places.take();
      try {
        return await place(kind, input);
      } finally {
        places.giveBack(place);
      }
    },
    count,
    bytesRead: () => Number(Atomics.load(bytesRead, 0)),
    close: async () => (await pool)?.close(),
  };
}

/** Things that are lent one after another, to who waited longest. */
function createPlaces<T>(all: readonly T[]): { take(): Promise<T>; giveBack(one: T): void } {
  const free = [...all];
  const waiting: ((one: T) => void)[] = [];
  return {
    take: async () => free.shift() ?? new Promise((got) => waiting.push(got)),
    giveBack(one) {
      const next = waiting.shift();
      if (next) next(one);
      else free.push(one);
    },
  };
}
