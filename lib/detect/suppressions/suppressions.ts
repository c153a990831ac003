import 'server-only';
import { type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { type SortColumns, listOrder, rankOf } from '../../db/list-order';
import type { SuppressionsTable } from '../../db/suppression-tables';
import { IN_FORCE, hideable } from '../../db/suppressed';
import type { Page } from '../../schemas/common';
import { type Suppression, SuppressionState, type SuppressionsQuery } from '../../schemas/suppressions';
import { installedRules } from '../installed-rules';

const STATE = sql<SuppressionState>`CASE WHEN ${IN_FORCE} THEN 'active' WHEN s.ended_at IS NOT NULL THEN 'ended' ELSE 'expired' END`;

/** How many findings it hides now, read where that is the order alone. */
const HIDES = sql<number>`CASE WHEN ${IN_FORCE} THEN (
  SELECT count(*) FROM suppressed_findings h JOIN findings f ON f.id = h.finding_id
  WHERE h.suppression_id = s.id AND f.superseded_at IS NULL AND ${hideable(sql.id('f'))}) ELSE 0 END`;
const SORTED_BY: SortColumns<'created' | 'title' | 'state' | 'hides' | 'ends'> = {
  created: null,
  title: { value: sql<string>`s.title`, type: 'text' },
  state: { value: rankOf(STATE, SuppressionState.options), type: 'bigint' },
  hides: { value: HIDES, type: 'bigint' },
  ends: { value: sql<Date>`coalesce(s.ended_at, s.expires_at)`, type: 'timestamptz' },
};

/** Suppressions, the newest first, unless another order is asked for. */
export async function listSuppressions(
  ctx: Context,
  { state, sort = '-created', cursor, limit }: z.output<typeof SuppressionsQuery>,
): Promise<Page<Suppression>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`s.id`);
  const matching = ctx.db
    .selectFrom('suppressions as s')
    .$if(!!state, (query) => query.where(STATE, 'in', state ?? []));
  const [{ total }, rows] = await Promise.all([
    matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    matching
      .selectAll('s')
      .select([STATE.as('state'), order.place.as('place')])
      .where(order.after(cursor))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: await suppressionsOf(ctx, items),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getSuppression(ctx: Context, { suppressionId }: { suppressionId: string }): Promise<Suppression> {
  const row = await ctx.db
    .selectFrom('suppressions as s')
    .selectAll('s')
    .select(STATE.as('state'))
    .where('s.id', '=', suppressionId)
    .executeTakeFirst();
  const [found] = row ? await suppressionsOf(ctx, [row]) : [];
  if (!found) throw new AppError('NOT_FOUND', 'no suppression has this id', { suppressionId });
  return found;
}

type Row = Selectable<SuppressionsTable> & { state: SuppressionState };

async function suppressionsOf(ctx: Context, rows: readonly Row[]): Promise<Suppression[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [counts, next, { rules }] = await Promise.all([
    ctx.db
      .selectFrom('suppressed_findings as h')
      .innerJoin('findings as f', 'f.id', 'h.finding_id')
      .where('h.suppression_id', 'in', ids)
      .where('f.superseded_at', 'is', null)
      .groupBy('h.suppression_id')
      .select(['h.suppression_id', sql<number>`count(*)`.as('matches')])
      .select(sql<number>`count(*) FILTER (WHERE ${hideable(sql.id('f'))})`.as('hideable'))
      .execute(),
    ctx.db.selectFrom('suppressions').where('replaces_id', 'in', ids).select(['id', 'replaces_id']).execute(),
    installedRules(ctx),
  ]);
  const titles = new Map(rules.map(({ rule: { id, title } }) => [id, title]));
  return rows.map((row) => {
    const count = counts.find(({ suppression_id: id }) => id === row.id);
    return {
      id: row.id,
      version: row.version,
      replacesId: row.replaces_id,
      replacedById: next.find(({ replaces_id: id }) => id === row.id)?.id ?? null,
      title: row.title,
      reason: row.reason,
      yaml: row.yaml,
      digest: row.digest,
      rules: row.rule_ids.map((id) => ({ id, title: titles.get(id) ?? id })),
      state: row.state,
      createdAt: row.created_at.toISOString(),
      createdBy: row.created_by,
      expiresAt: row.expires_at.toISOString(),
      ended: row.ended_at && row.ended_by ? { at: row.ended_at.toISOString(), by: row.ended_by } : null,
      hides: row.state === 'active' ? Number(count?.hideable ?? 0) : 0,
      matches: Number(count?.matches ?? 0),
    };
  });
}
