import 'server-only';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor } from '../../access/actor';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { decodeCursor, encodeCursor } from '../../db/cursor';
import { UuidCursor } from '../../db/cursor-shapes';
import { rankOf } from '../../db/list-order';
import type { Db } from '../../db/database';
import { namesOf, personOf, withChains } from '../../detect/query/findings';
import { type Case, type CaseDetail, type CasesQuery, MOST_CASE_FINDINGS } from '../../schemas/cases';
import { Level, type Page } from '../../schemas/common';

const MOST_ACTS = 500;

/** Cases, the newest first. */
export async function listCases(
  ctx: Context,
  { status, cursor, limit, workspaceId }: z.output<typeof CasesQuery> & Pick<Actor, 'workspaceId'>,
): Promise<Page<Case>> {
  const [after] = cursor ? decodeCursor(UuidCursor, cursor) : [undefined];
  const matching = ctx.db
    .selectFrom('cases')
    .where('workspace_id', '=', workspaceId)
    .$if(!!status, (query) => query.where('status', 'in', status ?? []));
  const [{ total }, rows] = await Promise.all([
    matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .select('id')
      .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  ]);
  const ids = rows.slice(0, limit).map(({ id }) => id);
  const last = rows.length > limit ? ids.at(-1) : undefined;
  return { items: await casesOf(ctx.db, ids), nextCursor: last ? encodeCursor([last]) : null, total: Number(total) };
}

/** Cases by their ids, the newest first; those that are none are left out. */
async function casesOf(db: Db, ids: readonly string[]): Promise<Case[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('cases as c')
    .selectAll('c')
    .where('c.id', 'in', ids)
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('case_findings as l')
          .innerJoin('findings as f', 'f.id', 'l.finding_id')
          .whereRef('l.case_id', '=', 'c.id')
          .select(({ fn }) => [
            fn.countAll<number>().as('findings'),
            fn.min('f.window_from').as('first'),
            fn.max('f.window_to').as('last'),
            sql<number | null>`min(${rankOf(sql`f.level`, Level.options)})`.as('rank'),
          ])
          .as('of'),
      (join) => join.onTrue(),
    )
    .select(['of.findings', 'of.first', 'of.last', 'of.rank'])
    .orderBy('c.id', 'desc')
    .execute();
  const people = await namesOf(
    db,
    rows.flatMap(({ owner_id: id }) => id ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    status: row.status,
    owner: personOf(people, row.owner_id),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    findings: Number(row.findings ?? 0),
    level: row.rank === null ? null : (Level.options[Number(row.rank) - 1] ?? null),
    from: row.first?.toISOString() ?? null,
    to: row.last?.toISOString() ?? null,
  }));
}

/** @throws AppError NOT_FOUND. */
export async function getCase(
  ctx: Context,
  { caseId, workspaceId }: { caseId: string } & Pick<Actor, 'workspaceId'>,
): Promise<CaseDetail> {
  const row = await ctx.db
    .selectFrom('cases')
    .select('id')
    .where('id', '=', caseId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  const [found] = row ? await casesOf(ctx.db, [caseId]) : [];
  if (!found) throw new AppError('NOT_FOUND', 'no case has this id', { caseId });
  const [findings, acts] = await Promise.all([
    ctx.db
      .selectFrom('case_findings as l')
      .innerJoin('findings as f', 'f.id', 'l.finding_id')
      .where('l.case_id', '=', caseId)
      .selectAll('f')
      .orderBy('f.window_from')
      .orderBy('f.id')
      .limit(MOST_CASE_FINDINGS)
      .execute(),
    ctx.db
      .selectFrom('case_acts')
      .selectAll()
      .where('case_id', '=', caseId)
      .orderBy('id', 'desc')
      .limit(MOST_ACTS)
      .execute(),
  ]);
  const gone = new Map(findings.map(({ id, superseded_at: at }) => [id, at?.toISOString() ?? null]));
  return {
    ...found,
    timeline: (await withChains(ctx.db, findings)).map((one) => ({ ...one, supersededAt: gone.get(one.id) ?? null })),
    history: acts
      .map(({ id, acted_at: at, actor_kind: kind, actor_name: name, changes, note }) => ({
        id,
        at: at.toISOString(),
        by: { kind, name },
        changes,
        note,
      }))
      .toReversed(),
  };
}
