import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { stateDigest } from '../../core/decisions';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { NewReportDefinition, ReportDefinition } from '../../schemas/report-definitions';
import {
  asRun,
  definitionDigest,
  definitionOf,
  nextRunAt,
  requireFreeName,
  requireSomeTime,
  stateOf,
} from './definition-of';
import { setDestinations } from './destinations';

/** Definitions of a workspace. */
const MOST = 200;

/** Saves what a report is made of under a name. @throws AppError CONFLICT for a name that is taken, and past 200; BAD_REQUEST for a period without a moment, and for a destination there is not. */
export async function createDefinition(
  { db, now, hasher }: Context,
  { actor, name, schedule, destinationIds, ...content }: NewReportDefinition & { actor: Actor },
): Promise<ReportDefinition> {
  requireSomeTime(content, now());
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'report-definitions', actor.workspaceId);
    await requireFreeName(tx, actor, name, null);
    const { count } = await tx
      .selectFrom('report_definitions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('workspace_id', '=', actor.workspaceId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST)
      throw new AppError('CONFLICT', `there are ${MOST} report definitions: delete one of them first`);
    const row = await tx
      .insertInto('report_definitions')
      .values({
        workspace_id: actor.workspaceId,
        name,
        content: JSON.stringify(content),
        schedule: schedule && JSON.stringify(schedule),
        next_run_at: nextRunAt({ schedule, isPaused: false, timeZone: content.timeZone }, now()),
        created_by: actor.name,
        created_at: now(),
        updated_at: now(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await setDestinations(tx, actor, row.id, destinationIds);
    await audit.append(tx, actor, {
      action: 'report-definition.create',
      subjectId: row.id,
      details: {
        kind: content.kind,
        sha256: definitionDigest(asRun(row)),
        stateSha256: stateDigest(hasher, stateOf(row)),
        destinationIds: destinationIds.toSorted(),
      },
    });
    return definitionOf(row, { last: null, destinationIds: destinationIds.toSorted() });
  });
}
