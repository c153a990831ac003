// Entry of a thread that does tasks one after another.
import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../core/errors';
import { createHasher } from '../../crypto/hasher';
import { type TaskKind, type Tasks, runTask } from './tasks';

export type Requested<K extends TaskKind = TaskKind> = { kind: K; input: Tasks[K]['input'] };
export type Answered = { output: unknown } | { failure: { code: ErrorCode; message: string } };

const hasher = await createHasher();
const bytesRead = new BigInt64Array((workerData as { bytesRead: SharedArrayBuffer }).bytesRead); // given by the pool
const tools = { hasher, onBytes: (count: number) => void Atomics.add(bytesRead, 0, BigInt(count)) };

parentPort?.on('message', ({ kind, input }: Requested) => parentPort?.postMessage(answer(kind, input)));

function answer(kind: TaskKind, input: Tasks[TaskKind]['input']): Answered {
  try {
    return { output: runTask(kind, tools, input) };
  } catch (error) {
    if (error instanceof AppError) return { failure: { code: error.code, message: error.message } };
    throw error;
  }
}
