import 'server-only';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { type SortColumns, listOrder, rankOf } from '../../db/list-order';
import type { RuleLooksTable } from '../../db/rule-tables';
import type { Page } from '../../schemas/common';
import { LOOK_CAUSES, type RuleRun, type RuleRunsQuery } from '../../schemas/rules';
import { installedRules } from '../installed-rules';

type Row = Omit<RuleLooksTable, 'id' | 'rule_set' | 'how' | 'elapsed_ms'> & {
  id: string;
  because: RuleRun['because'];
  place: string | number;
  pass_ms: number;
  rule_digest: string;
  ran: number;
  unable: number;
  failed: number;
  findings: number;
  elapsed_ms: number;
};

const SORTED_BY: SortColumns<'at' | 'because' | 'chains' | 'records' | 'findings' | 'took'> = {
  at: { value: sql<Date>`l.looked_at`, type: 'timestamptz' },
  because: { value: rankOf(sql`l.how`, LOOK_CAUSES), type: 'bigint' },
  // A backfill looks at all of them.
  chains: {
    value: sql<number>`CASE WHEN l.how = 'backfill' THEN 9007199254740991 ELSE coalesce(l.chains, 9007199254740991) END`,
    type: 'bigint',
  },
  records: { value: sql<number>`l.records`, type: 'bigint' },
  findings: { value: sql<number>`coalesce(r.findings, 0)`, type: 'bigint' },
  took: { value: sql<number>`coalesce(r.elapsed_ms, 0)`, type: 'bigint' },
};

/** Every look of a rule, by any text it had, the newest first, unless another order is asked for. @throws AppError NOT_FOUND for an id that no rule ever had here. */
export async function listRuns(
  ctx: Context,
  { ruleId, sort = '-at', cursor, limit }: { ruleId: string } & z.output<typeof RuleRunsQuery>,
): Promise<Page<RuleRun>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`l.id`);
  const { rows } = await sql<Row>`
    SELECT l.id, l.how AS because, l.looks, l.first_looked_at, l.looked_at, l.window_from, l.window_to, l.chains, l.records, l.elapsed_ms AS pass_ms,
      ${order.place} AS place, s.rule_digest,
      coalesce(r.ran, 0)::bigint AS ran, coalesce(r.unable, 0)::bigint AS unable, coalesce(r.failed, 0)::bigint AS failed,
      coalesce(r.findings, 0)::bigint AS findings, coalesce(r.elapsed_ms, 0)::bigint AS elapsed_ms
    FROM rule_looks l JOIN rule_sets s ON s.digest = l.rule_set AND s.rule_id = ${ruleId}
      LEFT JOIN rule_look_results r ON r.look_id = l.id AND r.rule_digest = s.rule_digest
    WHERE ${order.after(cursor)}
    ORDER BY ${order.orderBy} LIMIT ${limit + 1}`.execute(ctx.db);
  const total = await totalOf(ctx, ruleId);
  if (total === 0) await requireRule(ctx, ruleId);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(runOf),
    nextCursor: last ? order.cursorOf(last) : null,
    total,
  };
}

async function totalOf({ db }: Context, ruleId: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*)::bigint AS total FROM rule_looks l JOIN rule_sets s ON s.digest = l.rule_set WHERE s.rule_id = ${ruleId}`.execute(
    db,
  );
  return Number(rows[0]?.total ?? 0);
}

async function requireRule(ctx: Context, ruleId: string): Promise<void> {
  const { rules, aboutChains, stuck } = await installedRules(ctx);
  const ids = [...[...rules, ...aboutChains].map(({ rule }) => rule.id), ...stuck.map(({ id }) => id)];
  if (!ids.includes(ruleId)) throw new AppError('NOT_FOUND', 'no rule has this id', { ruleId });
}

function runOf(row: Row): RuleRun {
  const { id, because, looks, ran, unable, failed, records, findings, window_from: from, window_to: to } = row;
  return {
    id,
    digest: row.rule_digest,
    because,
    looks,
    firstAt: row.first_looked_at.toISOString(),
    at: row.looked_at.toISOString(),
    window: from && to ? { from: from.toISOString(), to: to.toISOString() } : null,
    chains: because === 'backfill' ? null : row.chains,
    records,
    ran,
    unable,
    failed,
    none: looks - ran - unable - failed,
    findings,
    elapsedMs: row.elapsed_ms,
    passMs: row.pass_ms,
  };
}
