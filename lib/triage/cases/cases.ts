import 'server-only';
import { type ExpressionBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Actor } from '../../access/actor';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Db } from '../../db/database';
import { type SortColumns, listOrder, rankOf } from '../../db/list-order';
import type { Database } from '../../db/schema';
import { namesOf, personOf, withChains } from '../../detect/query/findings';
import { type Case, type CaseDetail, type CaseSort, type CasesQuery, MOST_CASE_FINDINGS } from '../../schemas/cases';
import { Level, type Page } from '../../schemas/common';
import { FindingStatus } from '../../schemas/triage';

const MOST_ACTS = 500;

const SORTED_BY: SortColumns<'created' | 'title' | 'status' | 'owner' | 'findings' | 'level' | 'seen' | 'changed'> = {
  created: null,
  title: { value: sql<string>`c.title`, type: 'text' },
  status: { value: rankOf(sql`c.status`, FindingStatus.options), type: 'bigint' },
  owner: { value: sql<string>`coalesce(owner.name, c.owner_id, '')`, type: 'text' },
  findings: { value: sql<number>`"of".findings`, type: 'bigint' },
  // The worst first; a case without findings comes last.
  level: { value: sql<number>`coalesce("of".rank, ${sql.lit(Level.options.length + 1)})`, type: 'bigint' },
  seen: { value: sql<Date>`coalesce("of".last, to_timestamp(0))`, type: 'timestamptz' },
  changed: { value: sql<Date>`c.updated_at`, type: 'timestamptz' },
};
/** Orders by what is said of a case's findings together. */
const OF_FINDINGS: readonly CaseSort[] = ['findings', '-findings', 'level', '-level', 'seen', '-seen'];

/** Cases, the newest first, unless another order is asked for. */
export async function listCases(
  ctx: Context,
  { status, sort = '-created', cursor, limit, workspaceId }: z.output<typeof CasesQuery> & Pick<Actor, 'workspaceId'>,
): Promise<Page<Case>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`c.id`);
  const matching = ctx.db
    .selectFrom('cases as c')
    .where('c.workspace_id', '=', workspaceId)
    .$if(!!status, (query) => query.where('c.status', 'in', status ?? []));
  const [{ total }, rows] = await Promise.all([
    matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .leftJoin('user as owner', 'owner.id', 'c.owner_id')
      .$if(OF_FINDINGS.includes(sort), (query) =>
        query.leftJoinLateral(
          (eb) => findingsOfCase(eb).as('of'),
          (join) => join.onTrue(),
        ),
      )
      .select(['c.id', order.place.as('place')])
      .where(order.after(cursor))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: await casesOf(
      ctx.db,
      shown.map(({ id }) => id),
    ),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

/** How many findings a case has, the time they span, and the rank of the worst of them. */
function findingsOfCase(eb: ExpressionBuilder<Database & { c: Database['cases'] }, 'c'>) {
  return eb
    .selectFrom('case_findings as l')
    .innerJoin('findings as f', 'f.id', 'l.finding_id')
    .whereRef('l.case_id', '=', 'c.id')
    .select(({ fn }) => [
      fn.countAll<number>().as('findings'),
      fn.min('f.window_from').as('first'),
      fn.max('f.window_to').as('last'),
      sql<number | null>`min(${rankOf(sql`f.level`, Level.options)})`.as('rank'),
    ]);
}

/** Cases by their ids, in their order; those that are none are left out. */
async function casesOf(db: Db, ids: readonly string[]): Promise<Case[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('cases as c')
    .selectAll('c')
    .where('c.id', 'in', ids)
    .leftJoinLateral(
      (eb) => findingsOfCase(eb).as('of'),
      (join) => join.onTrue(),
    )
    .select(['of.findings', 'of.first', 'of.last', 'of.rank'])
    .execute();
  const people = await namesOf(
    db,
    rows.flatMap(({ owner_id: id }) => id ?? []),
  );
  const cases = rows.map((row) => ({
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
  return cases.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
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
