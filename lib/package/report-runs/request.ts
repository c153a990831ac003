import 'server-only';
import { type Actor, actorKey } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { Period } from '../../schemas/common';
import type { ReportRun } from '../../schemas/report-runs';
import { getReportRun } from './runs';

/** Runs that may wait at once, and that one caller may ask for within an hour: each takes room in the evidence store. */
const MAX_WAITING = 20;
const MAX_AN_HOUR = 120;

/** Writes down of which period the report is to be kept and queues it; the one that waits already when it is of the same. @throws AppError BUSY when too many wait or were asked for. */
export async function requestReportRun(
  ctx: Context,
  { period, actor }: { period: Period; actor: Actor },
): Promise<ReportRun> {
  const [from, to] = [new Date(period.from), new Date(period.to)];
  const runId = await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'report-run', 'asked');
    const waiting = await tx
      .selectFrom('report_runs')
      .select(['id', 'recorded_from', 'recorded_to'])
      .where('state', '=', 'waiting')
      .execute();
    const same = waiting.find((row) => +row.recorded_from === +from && +row.recorded_to === +to);
    if (same) return same.id;
    if (waiting.length >= MAX_WAITING)
      throw new AppError('BUSY', `${MAX_WAITING} reports wait to be made; ask again when some are`, {
        limit: MAX_WAITING,
      });
    const { requested } = await tx
      .selectFrom('report_runs')
      .select(({ fn }) => fn.countAll<number>().as('requested'))
      .where('requested_by_id', '=', actorKey(actor))
      .where('requested_at', '>', new Date(ctx.now().getTime() - 3_600_000))
      .executeTakeFirstOrThrow();
    if (Number(requested) >= MAX_AN_HOUR)
      throw new AppError('BUSY', `${MAX_AN_HOUR} reports were kept within an hour; ask again later`, {
        limit: MAX_AN_HOUR,
      });
    const row = await tx
      .insertInto('report_runs')
      .values({
        recorded_from: from,
        recorded_to: to,
        next_try_at: ctx.now(),
        requested_by: actor.name,
        requested_by_id: actorKey(actor),
        requested_at: ctx.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await ctx.queue.send(tx, 'make-report-run', { requestId: row.id });
    await audit.append(tx, actor, {
      action: 'report-run.request',
      subjectId: row.id,
      details: { from: from.toISOString(), to: to.toISOString() },
    });
    return row.id;
  });
  return getReportRun(ctx, { runId });
}
