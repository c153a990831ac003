import 'server-only';
import type { FormatId } from '../core/chain/format';
import { AppError } from '../core/errors';
import { createHasher } from '../hasher';
import type { FoundLog } from './find-logs';
import { inOrder } from './in-order';
import type { FollowOriginal } from './log-source';
import { openSource } from './open-source';
import { createTaskPool } from './task-pool';
import { type VerifiedLog, verifyLog } from './verify-log';

export type VerifyOptions = { threads: number; stdin: AsyncIterable<Uint8Array>; original: FollowOriginal; format?: FormatId; segmentBytes?: number; heldProblems?: number };
/** `failure` stands behind the name. */
export type LogOutcome = { file: string; log: VerifiedLog } | { file: string; failure: string };

/** Up to this many bytes in all, starting a thread takes longer than the work. */
const WITHOUT_THREADS_BYTES = 8 * 1024 * 1024;

/** Checks logs, several at a time, and gives the outcomes in their order. An outcome's problems can be read until the next is asked for. */
export async function verifyLogs(found: readonly FoundLog[], options: VerifyOptions): Promise<{ outcomes: AsyncGenerator<LogOutcome>; bytesRead(): number }> {
  const totalBytes = found.reduce((sum, log) => sum + (log.kind === 'log' ? (log.sizeBytes ?? 0) : 0), 0);
  const pool = await createTaskPool(totalBytes > WITHOUT_THREADS_BYTES ? options.threads : 0);
  const hasher = await createHasher();

  async function verify(log: FoundLog): Promise<LogOutcome & { close?: () => Promise<void> }> {
    const { file } = log;
    if (log.kind === 'hidden') throw new RangeError(`${file} is not to be checked`);
    if (log.kind === 'unreadable') return { file, failure: log.message };
    try {
      const { source, close } = await openSource(file, { pool, hasher, stdin: options.stdin }, options);
      try {
        return { file, log: await verifyLog(source, options), close };
      } catch (error) {
        await close();
        throw error;
      }
    } catch (error) {
      if (error instanceof AppError) return { file, failure: error.message };
      throw error;
    }
  }

  async function* outcomes(): AsyncGenerator<LogOutcome> {
    try {
      const shown = found.filter(({ kind }) => kind !== 'hidden');
      for await (const { close, ...outcome } of inOrder(shown, pool.threads * 2, verify)) {
        yield outcome;
        await close?.();
      }
    } finally {
      await pool.close();
    }
  }
  return { outcomes: outcomes(), bytesRead: () => pool.bytesRead() };
}
