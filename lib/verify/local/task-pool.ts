import 'server-only';
import { once } from 'node:events';
import { AppError } from '../../core/errors';
import { formatById } from '../../core/formats';
import { hasherFor } from '../../crypto/hasher';
import type { Answered, Requested } from './task-thread';
import { type TaskKind, type Tasks, runTask } from './tasks';

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

/** Runs tasks on up to `threads` threads, which are begun at once; with 0 threads, here and now. */
export async function createTaskPool(threads: number): Promise<TaskPool> {
  const shared = new SharedArrayBuffer(8);
  const bytesRead = new BigInt64Array(shared);
  const count = (bytes: number) => void Atomics.add(bytesRead, 0, BigInt(bytes));
  const read = () => Number(Atomics.load(bytesRead, 0));
  if (threads === 0) {
    return {
      threads: 1,
      run: async (kind, input) => {
        const hasher = await hasherFor(formatById(input.format));
        return runTask(kind, { hasher, onBytes: count }, input);
      },
      count,
      bytesRead: read,
      close: async () => undefined,
    };
  }
  const { createThreadPool } = await import('../../threads/thread-pool');
  const pool = createThreadPool('lib/verify/local/task-thread.ts', threads, { workerData: { bytesRead: shared } });
  pool.begin();
  return {
    threads,
    run: <K extends TaskKind>(kind: K, input: Tasks[K]['input']) =>
      pool.use(async (thread) => {
        thread.postMessage({ kind, input } satisfies Requested);
        const [answered] = (await once(thread, 'message')) as [Answered]; // the thread answers each task once
        if ('failure' in answered) throw new AppError(answered.failure.code, answered.failure.message);
        return answered.output as Tasks[K]['output']; // of a task of this kind
      }),
    count,
    bytesRead: read,
    close: () => pool.close(),
  };
}
