import 'server-only';
import { Worker } from 'node:worker_threads';
import { AppError } from '../core/errors';
import { createHasher } from '../hasher';
import type { Answered } from './task-thread';
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

type Waiting = { kind: TaskKind; input: unknown; resolve(output: unknown): void; reject(error: unknown): void };

/** Runs tasks on up to `threads` threads, started when there is work for them; with 0 threads, here and now. */
export async function createTaskPool(threads: number): Promise<TaskPool> {
  const shared = new SharedArrayBuffer(8);
  const bytesRead = new BigInt64Array(shared);
  const count = (bytes: number) => void Atomics.add(bytesRead, 0, BigInt(bytes));
  const read = () => Number(Atomics.load(bytesRead, 0));
  if (threads === 0) {
    const tools = { hasher: await createHasher(), onBytes: count };
    return { threads: 1, run: async (kind, input) => runTask(kind, tools, input), count, bytesRead: read, close: async () => undefined };
  }

  const waiting: Waiting[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Waiting>();

  const settle = (worker: Worker, finish: (task: Waiting) => void) => {
    const task = busy.get(worker);
    busy.delete(worker);
    if (task) finish(task);
  };
  const start = (): Worker => {
    const worker = new Worker(new URL('task-thread.ts', import.meta.url), { workerData: { bytesRead: shared }, resourceLimits: { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 } });
    worker.on('message', (answered: Answered) => {
      settle(worker, ({ resolve, reject }) => ('output' in answered ? resolve(answered.output) : reject(new AppError(answered.failure.code, answered.failure.message))));
      idle.push(worker);
      next();
    });
    worker.on('error', (error) => {
      settle(worker, ({ reject }) => reject(error));
      next();
    });
    return worker;
  };
  const next = () => {
    while (waiting.length > 0 && busy.size < threads) {
      const task = waiting.shift();
      if (!task) return;
      const worker = idle.pop() ?? start();
      busy.set(worker, task);
      worker.postMessage({ kind: task.kind, input: task.input });
    }
  };
  return {
    threads,
    run: (kind, input) =>
      new Promise((resolve, reject) => {
        // The thread answers a task of this kind with its output.
        waiting.push({ kind, input, resolve: resolve as (output: unknown) => void, reject });
        next();
      }),
    count,
    bytesRead: read,
    async close() {
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}
