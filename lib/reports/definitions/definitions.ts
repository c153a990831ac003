import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../../access/actor';
import type { Context } from '../../context';
import { listOrder } from '../../db/list-order';
import type { Page } from '../../schemas/common';
import type { ReportDefinition } from '../../schemas/report-definitions';
import { definitionsOf, notFound } from './definition-of';

const BY_NAME = { name: { value: sql<string>`report_definitions.name`, type: 'text' } } as const;

/** Of the workspace, by name. */
export async function listDefinitions(
  ctx: Context,
  { actor, cursor, limit }: { actor: Pick<Actor, 'workspaceId'>; cursor?: string | undefined; limit: number },
): Promise<Page<ReportDefinition>> {
  const order = listOrder('name', BY_NAME, sql<string>`report_definitions.id`);
  const of = ctx.db.selectFrom('report_definitions').where('workspace_id', '=', actor.workspaceId);
  const [{ total }, rows] = await Promise.all([
    of.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    of
      .where(order.after(cursor))
      .selectAll()
      .select(order.place.as('place'))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await definitionsOf(ctx, shown),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getDefinition(
  ctx: Context,
  { definitionId, actor }: { definitionId: string; actor: Pick<Actor, 'workspaceId'> },
): Promise<ReportDefinition> {
  const row = await ctx.db
    .selectFrom('report_definitions')
    .selectAll()
    .where('id', '=', definitionId)
    .where('workspace_id', '=', actor.workspaceId)
    .executeTakeFirst();
  const [definition] = await definitionsOf(ctx, row ? [row] : []);
  if (!definition) throw notFound(definitionId);
  return definition;
}
