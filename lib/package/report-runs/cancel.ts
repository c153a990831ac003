import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { ReportRun } from '../../schemas/report-runs';
import { getReportRun } from './runs';

/** Ends what waits or is being made; one that was cancelled stays as it is. @throws AppError NOT_FOUND, CONFLICT when it is made or has failed. */
export async function cancelReportRun(
  ctx: Context,
  { runId, actor }: { runId: string; actor: Actor },
): Promise<ReportRun> {
  await ctx.db.transaction().execute(async (tx) => {
    const cancelled = await tx
      .updateTable('report_runs')
      .set({ state: 'cancelled', failure: null, progress: null })
      .where('id', '=', runId)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirst();
    if (cancelled) await audit.append(tx, actor, { action: 'report-run.cancel', subjectId: runId });
  });
  const run = await getReportRun(ctx, { runId });
  if (run.state !== 'cancelled')
    throw new AppError('CONFLICT', `the report run is ${run.state}, and cannot be cancelled`, {
      runId,
      state: run.state,
    });
  return run;
}
