import 'server-only';
import type { Context } from '../../context';
import type { ReportRunProgress } from '../../schemas/report-runs';

const EVERY_MS = 500;

/** Somebody cancelled what is being made. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export type Tell = (progress: ReportRunProgress) => Promise<void>;

/**
 * Writes down how far a run is, at most twice a second, and with every file that is begun.
 * @throws Cancelled when it is not to be made any more, and the reason of `signal` when the worker ends.
 */
export function progressTold(ctx: Context, runId: string, signal: AbortSignal): Tell {
  let told = { file: '', atMs: 0 };
  return async (progress) => {
    signal.throwIfAborted();
    const nowMs = performance.now();
    if (progress.file === told.file && nowMs - told.atMs < EVERY_MS) return;
    told = { file: progress.file, atMs: nowMs };
    const { numUpdatedRows } = await ctx.db
      .updateTable('report_runs')
      .set({ progress: JSON.stringify(progress) })
      .where('id', '=', runId)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Cancelled('the report run was cancelled');
  };
}
