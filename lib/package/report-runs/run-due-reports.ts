import 'server-only';
import { systemActor } from '../../access/actor';
import type { Context } from '../../context';
import type { Tx } from '../../db/database';
import type { ReportDefinitionRow } from '../../db/report-definition-table';
import { asRun } from '../../reports/definitions/definition-of';
import { nextRun } from '../../reports/schedule/next-run';
import { periodOf } from '../../reports/schedule/period-of';
import type { Schedule } from '../../schemas/report-schedules';
import { insertRun } from './request';

const SCHEDULE = systemActor('schedule');

/**
 * Has the reports made whose time has come, each in one transaction with the move to its next time: a due time is run once, whatever workers look and wherever
 * one ends. Of several that went by unseen the last is run, and says how many were missed. Meant to run every few seconds.
 */
export async function runDueReports(ctx: Context): Promise<void> {
  while (await runNextDue(ctx));
}

/** The one that is due longest; whether there was one. */
async function runNextDue(ctx: Context): Promise<boolean> {
  const now = ctx.now();
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('report_definitions')
      .selectAll()
      .where('next_run_at', '<=', now)
      .orderBy('next_run_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!row) return false;
    const { schedule, is_paused: isPaused, next_run_at: first } = row;
    const due =
      schedule && !isPaused && first ? lastDue({ schedule, timeZone: row.content.timeZone }, first, now) : null;
    if (due) await runOnce(ctx, tx, row, due);
    await tx
      .updateTable('report_definitions')
      .set({ next_run_at: due?.next ?? null })
      .where('id', '=', row.id)
      .execute();
    return true;
  });
}

/** Of the due times from the first one up to now the last, how many came before it, and the next. */
function lastDue(of: { schedule: Schedule; timeZone: string }, first: Date, now: Date) {
  let [at, next, missed] = [first, nextRun(of, first), 0];
  while (next <= now) [at, next, missed] = [next, nextRun(of, next), missed + 1];
  return { at, next, missed };
}

async function runOnce(
  ctx: Context,
  tx: Tx,
  row: ReportDefinitionRow,
  { at, missed }: { at: Date; missed: number },
): Promise<void> {
  const known = await tx
    .selectFrom('report_runs')
    .select('id')
    .where('definition_id', '=', row.id)
    .where('due_at', '=', at)
    .executeTakeFirst();
  if (known) return;
  const definition = asRun(row);
  const { period: of, timeZone } = definition;
  if (of.of === 'findings') return; // an incident has no schedule
  const period = periodOf({ period: of, timeZone }, at);
  await insertRun(ctx, tx, { period, definition, due: { at, missed }, actor: SCHEDULE });
}
