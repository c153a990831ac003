import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { stateDigest } from '../../core/decisions';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { DefinitionContent, ReportDefinitionRow } from '../../db/report-definition-table';
import { type ReportDefinition, type ReportDefinitionChange, unfitPart } from '../../schemas/report-definitions';
import {
  asRun,
  definitionDigest,
  definitionOf,
  definitionsOf,
  lockedDefinition,
  nextRunAt,
  notFound,
  requireFreeName,
  requireSomeTime,
  stateOf,
} from './definition-of';
import { setDestinations } from './destinations';

/**
 * Changes what reports of a definition are made of from now on, or when; those that are kept stay as they are. What is as it was already is no change.
 * @throws AppError NOT_FOUND, CONFLICT for a name that is taken, BAD_REQUEST for a period without a moment, and for parts that do not go together.
 */
export async function changeDefinition(
  ctx: Context,
  { definitionId, change, actor }: { definitionId: string; change: ReportDefinitionChange; actor: Actor },
): Promise<ReportDefinition> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'report-definitions', actor.workspaceId);
    const row = await lockedDefinition(tx, actor, definitionId);
    const [shown] = await definitionsOf({ db: tx }, [row]);
    if (!shown) throw notFound(definitionId);
    const was = { ...partsOf(row), destinationIds: shown.destinationIds };
    const now = ofItsKind({ ...was, ...given(change) });
    now.destinationIds = now.destinationIds.toSorted();
    const [before, after] = [
      new Map<string, unknown>(Object.entries(was)),
      new Map<string, unknown>(Object.entries(now)),
    ];
    const changed = [...new Set([...after.keys(), ...before.keys()])].filter(
      (key) => !isDeepStrictEqual(after.get(key), before.get(key)),
    );
    if (changed.length === 0) return shown;
    const { name, schedule, isPaused, destinationIds, ...content } = now;
    await requireFreeName(tx, actor, name, definitionId);
    requireSomeTime(content, ctx.now());
    const unfit = unfitPart(now);
    if (unfit) throw new AppError('BAD_REQUEST', `${unfit.path}: ${unfit.message}`, { field: unfit.path });
    const isMoved = changed.some((key) => ['schedule', 'isPaused', 'timeZone'].includes(key));
    const written = await tx
      .updateTable('report_definitions')
      .set({
        name,
        content: JSON.stringify(content),
        schedule: schedule && JSON.stringify(schedule),
        is_paused: isPaused,
        ...(isMoved && { next_run_at: nextRunAt(now, ctx.now()) }),
        updated_at: ctx.now(),
      })
      .where('id', '=', definitionId)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (changed.includes('destinationIds')) await setDestinations(tx, actor, definitionId, destinationIds);
    await audit.append(tx, actor, {
      action: 'report-definition.change',
      subjectId: definitionId,
      details: {
        changed,
        sha256: definitionDigest(asRun(written)),
        stateSha256: stateDigest(ctx.hasher, stateOf(written)),
        destinationIds,
      },
    });
    return { ...definitionOf(written, { last: null, destinationIds }), lastRun: shown.lastRun };
  });
}

/** Without what another kind had. */
function ofItsKind<T extends Pick<DefinitionContent, 'kind' | 'framework' | 'incident'> & { sample?: unknown }>(
  definition: T,
): Omit<T, 'sample'> & Pick<DefinitionContent, 'sample'> {
  const { framework, incident, sample, ...rest } = definition;
  return {
    ...rest,
    ...(sample !== null && sample !== undefined && { sample }),
    ...(definition.kind === 'controls' && framework && { framework }),
    ...(definition.kind === 'incident' && incident && { incident }),
  } as Omit<T, 'sample'> & Pick<DefinitionContent, 'sample'>; // what it was but for these
}

/** What of a definition can be changed. */
function partsOf({ name, content, schedule, is_paused: isPaused }: ReportDefinitionRow) {
  return { name, ...content, schedule, isPaused };
}

/** Without what is undefined. */
function given<T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  }; // what was filtered
}
