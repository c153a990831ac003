import 'server-only';
import { sql } from 'kysely';
import type { z } from 'zod';
import { Level, type Page } from '../../schemas/common';
import type { Finding, FindingsQuery } from '../../schemas/findings';
import type { Db } from '../../db/database';
import { type SortColumns, listOrder, rankOf } from '../../db/list-order';

type Input = Partial<z.output<typeof FindingsQuery>> & { limit: number };

const WINDOW_MS = sql`(extract(epoch FROM findings.window_to) * 1000)::bigint`;
const SORTED_BY: SortColumns<'window' | 'level' | 'records'> = {
  window: { value: sql<Date>`findings.window_to`, type: 'timestamptz' },
  // Of a level the newest window first: a level is more than all milliseconds there are.
  level: {
    value: sql<number>`${rankOf(sql`findings.level`, Level.options)} * 1000000000000000 - ${WINDOW_MS}`,
    type: 'bigint',
  },
  records: { value: sql<number>`findings.record_count::bigint`, type: 'bigint' },
};

/** What rules found in the records as they stand, newest window first, unless another order is asked for. */
export async function findingsOf(
  db: Db,
  { status, level, ruleId, chainId, from, to, sort = '-window', cursor, limit }: Input,
): Promise<Page<Finding>> {
  const matching = db
    .selectFrom('findings')
    .where('superseded_at', 'is', null)
    .$if(!!status, (query) => query.where('findings.status', 'in', status ?? []))
    .$if(!!level, (query) => query.where('findings.level', 'in', level ?? []))
    .$if(!!ruleId, (query) => query.where('findings.rule_id', '=', ruleId ?? ''))
    .$if(!!chainId, (query) =>
      query.where('findings.id', 'in', (eb) =>
        eb
          .selectFrom('finding_chains')
          .select('finding_id')
          .where('chain_id', '=', chainId ?? ''),
      ),
    )
    .$if(!!from, (query) => query.where('findings.window_to', '>', new Date(from ?? 0)))
    .$if(!!to, (query) => query.where('findings.window_from', '<', new Date(to ?? 0)));
  const order = listOrder(sort, SORTED_BY, sql<string>`findings.id`);
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await matching
    .selectAll('findings')
    .where(order.after(cursor))
    .select(order.place.as('place'))
    .orderBy(order.orderBy)
    .limit(limit + 1)
    .execute();
  const items = await withChains(db, rows.slice(0, limit));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items,
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

function findingRows(db: Db) {
  return db.selectFrom('findings').selectAll('findings').where('superseded_at', 'is', null);
}
type FindingRow = Awaited<ReturnType<ReturnType<typeof findingRows>['executeTakeFirstOrThrow']>>;

/** Rows as findings, with the chains their records lie in. */
export async function withChains(db: Db, rows: readonly FindingRow[]): Promise<Finding[]> {
  if (rows.length === 0) return [];
  const links = await db
    .selectFrom('finding_chains as f')
    .innerJoin('chains as c', 'c.id', 'f.chain_id')
    .where(
      'f.finding_id',
      'in',
      rows.map(({ id }) => id),
    )
    .select(['f.finding_id', 'c.id', 'c.name'])
    .orderBy('c.name')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    ruleId: row.rule_id,
    ruleDigest: row.rule_digest,
    title: row.title,
    level: row.level,
    status: row.status,
    group: row.group_values,
    windowFrom: row.window_from.toISOString(),
    windowTo: row.window_to.toISOString(),
    measures: row.measures,
    recordCount: row.record_count,
    chains: links.filter((link) => link.finding_id === row.id).map(({ id, name }) => ({ id, name })),
    foundAt: row.found_at.toISOString(),
  }));
}
