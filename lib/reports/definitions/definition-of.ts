import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { Actor } from '../../access/actor';
import { AppError } from '../../core/errors';
import { canonicalJson } from '../../core/statements/dsse';
import { sha256 } from '../../crypto/sha256';
import type { Db, Tx } from '../../db/database';
import type { ReportDefinitionRow } from '../../db/report-definition-table';
import type { ReportRunsTable } from '../../db/report-run-tables';
import type { DefinitionAsRun, ReportDefinition } from '../../schemas/report-definitions';
import type { Schedule } from '../../schemas/report-schedules';
import { destinationsOf } from './destinations';
import { nextRun } from '../schedule/next-run';
import { periodOf } from '../schedule/period-of';

/** The definition as a run keeps it. */
export function asRun({
  id,
  name,
  content,
}: Pick<ReportDefinitionRow, 'id' | 'name' | 'content'>): DefinitionAsRun & { id: string } {
  return { id, name, ...content };
}

/** SHA-256 by which a run names a definition: over its JSON with sorted members. */
export function definitionDigest(definition: DefinitionAsRun): string {
  return sha256(canonicalJson(definition));
}

/** What a definition is set to beside those who are sent its reports, as actions say it by its digest. */
export function stateOf({ name, content, schedule, is_paused: isPaused }: ReportDefinitionRow): object {
  return { name, content, schedule, isPaused };
}

type LastRun = Pick<Selectable<ReportRunsTable>, 'id' | 'state' | 'requested_at'>;

export function definitionOf(
  row: ReportDefinitionRow,
  { last, destinationIds }: { last: LastRun | null; destinationIds: string[] },
): ReportDefinition {
  const definition = asRun(row);
  return {
    ...definition,
    sha256: definitionDigest(definition),
    schedule: row.schedule,
    isPaused: row.is_paused,
    nextRunAt: row.next_run_at?.toISOString() ?? null,
    destinationIds,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    lastRun: last && { id: last.id, state: last.state, requestedAt: last.requested_at.toISOString() },
  };
}

/** The newest run of each of these definitions. */
async function lastRuns({ db }: { db: Db | Tx }, ids: readonly string[]): Promise<Map<string, LastRun>> {
  const { rows } = await sql<LastRun & { definition_id: string }>`
    SELECT r.definition_id, r.id, r.state, r.requested_at FROM unnest(${ids}::uuid[]) AS d (id)
      CROSS JOIN LATERAL (SELECT * FROM report_runs WHERE definition_id = d.id ORDER BY id DESC LIMIT 1) r`.execute(db);
  return new Map(rows.map((row) => [row.definition_id, row]));
}

/** Definitions as they are shown. */
export async function definitionsOf(
  { db }: { db: Db | Tx },
  rows: readonly ReportDefinitionRow[],
): Promise<ReportDefinition[]> {
  const ids = rows.map(({ id }) => id);
  const [runs, destinations] = [await lastRuns({ db }, ids), await destinationsOf(db, ids)];
  return rows.map((row) =>
    definitionOf(row, { last: runs.get(row.id) ?? null, destinationIds: destinations.get(row.id) ?? [] }),
  );
}

/** One of the actor's workspace, locked. @throws AppError NOT_FOUND. */
export async function lockedDefinition(tx: Tx, actor: Actor, definitionId: string): Promise<ReportDefinitionRow> {
  const row = await tx
    .selectFrom('report_definitions')
    .selectAll()
    .where('id', '=', definitionId)
    .where('workspace_id', '=', actor.workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound(definitionId);
  return row;
}

export function notFound(definitionId: string): AppError {
  return new AppError('NOT_FOUND', 'no report definition has this id', { definitionId });
}

/** @throws AppError CONFLICT when another definition has the name, in any case of letters. */
export async function requireFreeName(
  db: Db | Tx,
  actor: Actor,
  name: string,
  definitionId: string | null,
): Promise<void> {
  const other = await db
    .selectFrom('report_definitions')
    .select('id')
    .where('workspace_id', '=', actor.workspaceId)
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .executeTakeFirst();
  if (other && other.id !== definitionId) throw new AppError('CONFLICT', `a report is called "${name}" already`);
}

/** When a definition is run next by itself; null where it is not. */
export function nextRunAt(
  { schedule, isPaused, timeZone }: { schedule: Schedule | null; isPaused: boolean; timeZone: string },
  now: Date,
): Date | null {
  return schedule && !isPaused ? nextRun({ schedule, timeZone }, now) : null;
}

/** @throws AppError BAD_REQUEST when there is no time between the days of the period: a zone may leave out a day. */
export function requireSomeTime({ period, timeZone }: Pick<DefinitionAsRun, 'period' | 'timeZone'>, now: Date): void {
  if (period.of === 'findings') return;
  const { from, to } = periodOf({ period, timeZone }, now);
  if (from >= to)
    throw new AppError('BAD_REQUEST', `period: clocks of ${timeZone} leave out every moment of it`, {
      field: 'period',
    });
}
