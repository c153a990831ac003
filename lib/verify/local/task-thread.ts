// Entry of a thread that does tasks one after another.
import 'server-only';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../core/errors';
import { formatById } from '../../core/formats';
import { hasherFor } from '../../crypto/hasher';
import { type TaskKind, type Tasks, runTask } from './tasks';

export type Requested<K extends TaskKind = TaskKind> = { kind: K; input: Tasks[K]['input'] };
export type Answered = { output: unknown } | { failure: { code: ErrorCode; message: string } };

const bytesRead = new BigInt64Array((workerData as { bytesRead: SharedArrayBuffer }).bytesRead); // given by the pool
const onBytes = (count: number) => void Atomics.add(bytesRead, 0, BigInt(count));

parentPort?.on('message', async ({ kind, input }: Requested) => parentPort?.postMessage(await answer(kind, input)));

async function answer(kind: TaskKind, input: Tasks[TaskKind]['input']): Promise<Answered> {
  try {
    const hasher = await hasherFor(formatById(input.format));
    return { output: runTask(kind, { hasher, onBytes }, input) };
  } catch (error) {
    if (error instanceof AppError) return { failure: { code: error.code, message: error.message } };
    throw error;
  }
}
