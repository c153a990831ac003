import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import { type Actor, actorKey } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { asRun, definitionDigest, lockedDefinition, requireSomeTime } from '../../reports/definitions/definition-of';
import { boundsOfIncident } from '../../reports/incident/read-incident';
import { periodOf } from '../../reports/schedule/period-of';
import type { Period } from '../../schemas/common';
import type { DefinitionAsRun, ReportOnce } from '../../schemas/report-definitions';
import { KIND_NAMES } from '../../schemas/report-words';
import type { ReportRun } from '../../schemas/report-runs';
import { getReportRun } from './runs';

/** Runs that may wait at once, and that one caller may ask for within an hour: each takes room in the evidence store. */
const MAX_WAITING = 20;
const MAX_AN_HOUR = 120;

type Asked = {
  period: Period;
  definition: DefinitionAsRun | null;
  /** Of one that a schedule asks for. */
  due?: { at: Date; missed: number };
  actor: Actor;
};

/** Writes down of which period the report is to be kept and queues it; the one that waits already when it is of the same. @throws AppError BUSY when too many wait or were asked for. */
export async function requestReportRun(
  ctx: Context,
  { period, actor }: { period: Period; actor: Actor },
): Promise<ReportRun> {
  const runId = await ctx.db.transaction().execute((tx) => request(ctx, tx, { period, definition: null, actor }));
  return getReportRun(ctx, { runId });
}

/**
 * The same of a definition as it is now, of its period as that is now.
 * @throws AppError NOT_FOUND, BUSY; of an incident CONFLICT without a finding, and TOO_LARGE of too many.
 */
export async function runDefinition(
  ctx: Context,
  { definitionId, actor }: { definitionId: string; actor: Actor },
): Promise<ReportRun> {
  const runId = await ctx.db.transaction().execute(async (tx) => {
    const definition = asRun(await lockedDefinition(tx, actor, definitionId));
    const period = await periodNow({ ...ctx, db: tx }, definition, actor);
    return request(ctx, tx, { period, definition, actor });
  });
  return getReportRun(ctx, { runId });
}

/**
 * The same of a definition that is saved nowhere.
 * @throws AppError BUSY; BAD_REQUEST for a period without a moment; of an incident NOT_FOUND, CONFLICT without a finding, and TOO_LARGE of too many.
 */
export async function runOnce(
  ctx: Context,
  { actor, name, ...content }: ReportOnce & { actor: Actor },
): Promise<ReportRun> {
  requireSomeTime(content, ctx.now());
  const definition = { id: null, name: name ?? KIND_NAMES[content.kind], ...content };
  const runId = await ctx.db.transaction().execute(async (tx) => {
    const period = await periodNow({ ...ctx, db: tx }, definition, actor);
    return request(ctx, tx, { period, definition, actor });
  });
  return getReportRun(ctx, { runId });
}

async function periodNow(ctx: Context, definition: DefinitionAsRun, { workspaceId }: Actor): Promise<Period> {
  const { period, timeZone, incident: subject } = definition;
  if (period.of !== 'findings') return periodOf({ period, timeZone }, ctx.now());
  if (!subject) throw new Error('an incident report is of a case or of findings');
  return (await boundsOfIncident(ctx, { subject, workspaceId })).period;
}

async function request(ctx: Context, tx: Tx, asked: Asked): Promise<string> {
  const { period, definition, actor } = asked;
  const [from, to] = [new Date(period.from), new Date(period.to)];
  await lockUntilCommit(tx, 'report-run', 'asked');
  const waiting = await tx
    .selectFrom('report_runs')
    .select(['id', 'recorded_from', 'recorded_to', 'definition'])
    .where('state', '=', 'waiting')
    .execute();
  const same = waiting.find(
    (row) => +row.recorded_from === +from && +row.recorded_to === +to && isDeepStrictEqual(row.definition, definition),
  );
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
  return insertRun(ctx, tx, asked);
}

/** Writes a run down and queues it. */
export async function insertRun(ctx: Context, tx: Tx, { period, definition, due, actor }: Asked): Promise<string> {
  const { id } = await tx
    .insertInto('report_runs')
    .values({
      recorded_from: new Date(period.from),
      recorded_to: new Date(period.to),
      definition_id: definition?.id ?? null,
      definition: definition && JSON.stringify(definition),
      due_at: due?.at ?? null,
      missed: due?.missed ?? null,
      next_try_at: ctx.now(),
      requested_by: actor.name,
      requested_by_id: actorKey(actor),
      requested_at: ctx.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await ctx.queue.send(tx, 'make-report-run', { requestId: id });
  await audit.append(tx, actor, {
    action: 'report-run.request',
    subjectId: id,
    details: {
      ...period,
      ...(definition && {
        ...(definition.id !== null && { definitionId: definition.id }),
        definitionSha256: definitionDigest(definition),
      }),
      ...(due && { dueAt: due.at.toISOString(), missed: due.missed }),
    },
  });
  return id;
}
