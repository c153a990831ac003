import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import type { DefinitionContent } from '../../db/report-definition-table';
import type { ReportDefinition, ReportDefinitionChange } from '../../schemas/report-definitions';
import {
  asRun,
  definitionDigest,
  definitionOf,
  lastRuns,
  lockedDefinition,
  requireFreeName,
  requireSomeTime,
} from './definition-of';

/**
 * Changes what reports of a definition are made of from now on; those that are kept stay as they are. What is as it was already is no change.
 * @throws AppError NOT_FOUND, CONFLICT for a name that is taken, BAD_REQUEST for a period without a moment.
 */
export async function changeDefinition(
  ctx: Context,
  { definitionId, change, actor }: { definitionId: string; change: ReportDefinitionChange; actor: Actor },
): Promise<ReportDefinition> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'report-definitions', actor.workspaceId);
    const was = await lockedDefinition(tx, actor, definitionId);
    const { name = was.name, ...some } = change;
    const content: DefinitionContent = { ...was.content, ...given(some) };
    const last = async () => (await lastRuns({ db: tx }, [definitionId])).get(definitionId) ?? null;
    const changed = [
      ...(name === was.name ? [] : ['name']),
      ...Object.keys(some).filter((key) => !isDeepStrictEqual(member(content, key), member(was.content, key))),
    ];
    if (changed.length === 0) return definitionOf(was, await last());
    await requireFreeName(tx, actor, name, definitionId);
    requireSomeTime(content, ctx.now());
    const row = await tx
      .updateTable('report_definitions')
      .set({ name, content: JSON.stringify(content), updated_at: ctx.now() })
      .where('id', '=', definitionId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'report-definition.change',
      subjectId: definitionId,
      details: { changed, sha256: definitionDigest(asRun(row)) },
    });
    return definitionOf(row, await last());
  });
}

function member(content: object, key: string): unknown {
  return Object.entries(content).find(([name]) => name === key)?.[1];
}

/** Without what is undefined. */
function given<T extends object>(some: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  }; // what was filtered
}
