import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { isAnyDamaged } from '../../db/evidence-damage';
import { listOrder } from '../../db/list-order';
import type { ReportRunsTable } from '../../db/report-run-tables';
import type { Page, Period } from '../../schemas/common';
import type { ReportRun } from '../../schemas/report-runs';

/** Newest first; of one definition where that is asked for. */
export async function listReportRuns(
  ctx: Context,
  { definitionId, cursor, limit }: { definitionId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<ReportRun>> {
  const order = listOrder('-requested', { requested: null }, sql<string>`report_runs.id`);
  const [{ total }, rows] = await Promise.all([
    ctx.db
      .selectFrom('report_runs')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .$if(definitionId !== undefined, (query) => query.where('definition_id', '=', definitionId ?? ''))
      .executeTakeFirstOrThrow(),
    runRows(ctx)
      .$if(definitionId !== undefined, (query) => query.where('definition_id', '=', definitionId ?? ''))
      .where(order.after(cursor))
      .select(order.place.as('place'))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toReportRun),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getReportRun(ctx: Context, { runId }: { runId: string }): Promise<ReportRun> {
  const row = await runRows(ctx).where('id', '=', runId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no report run has this id', { runId });
  return toReportRun(row);
}

function runRows({ db }: Context) {
  return db
    .selectFrom('report_runs')
    .selectAll()
    .select(isAnyDamaged(sql`SELECT e->>'digest' FROM jsonb_array_elements(report_runs.entries) e`).as('damaged'));
}

/** The half-open period a run is of. */
export function periodOf({
  recorded_from: from,
  recorded_to: to,
}: Pick<Selectable<ReportRunsTable>, 'recorded_from' | 'recorded_to'>): Period {
  return { from: from.toISOString(), to: to.toISOString() };
}

/** Null of a run that somebody asked for. */
export function dueOf({
  due_at: at,
  missed,
}: Pick<Selectable<ReportRunsTable>, 'due_at' | 'missed'>): ReportRun['due'] {
  return at && { at: at.toISOString(), missed: missed ?? 0 };
}

function toReportRun(row: Selectable<ReportRunsTable> & { damaged: boolean }): ReportRun {
  return {
    id: row.id,
    definition: row.definition,
    due: dueOf(row),
    period: periodOf(row),
    state: row.state,
    failure: row.failure,
    progress: row.state === 'waiting' ? row.progress : null,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    madeAt: row.made_at?.toISOString() ?? null,
    files: row.entries,
    bytes: row.entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    runSha256: row.run_digest,
    signedBy: row.key_hint ?? row.signed_by,
    damaged: row.damaged,
  };
}
