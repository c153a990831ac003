import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { Decision } from '../core/chain/event';
import type { Period } from '../schemas/common';
import type { Report } from '../schemas/reports';
import { activity } from './buckets';
import { chainNames } from './chain-names';
import { chainRows, toChain } from './chain-rows';
import { coverage, figures, findingFigures } from './figures';
import { EVENTS, IN_PERIOD, lakePeriod } from './lake-period';

const MOST_CHAINS = 500;
const MOST_TOOLS = 12;
const MOST_BLOCKED = 50;

/** The governance report of a period: what agents did, what was refused, what was found, what is signed. */
export async function getReport(ctx: Context, { period }: { period: Period }): Promise<Report> {
  const [totals, graph, chains, topTools, blocked, found, covered] = await Promise.all([
    figures(ctx, period),
    activity(ctx, period),
    chainRows(ctx)
      .where(sql<boolean>`first_recorded_at::timestamptz < ${period.to} AND last_recorded_at::timestamptz >= ${period.from}`)
      .orderBy('name')
      .limit(MOST_CHAINS)
      .execute(),
    tools(ctx, period),
    blockedAccesses(ctx, period),
    findingFigures(ctx, period),
    coverage(ctx),
  ]);
  return {
    period,
    generatedAt: ctx.now().toISOString(),
    summary: { chains: chains.length, ...totals, findings: Object.values(found.byLevel).reduce((sum, count) => sum + count, 0) },
    ...graph,
    chains: chains.map(toChain),
    topTools,
    blocked,
    blockedTotal: totals.denied,
    findingsByLevel: found.byLevel,
    coverage: covered,
  };
}

async function tools(ctx: Context, period: Period): Promise<Report['topTools']> {
  const result = await ctx.lake.query({
    query: `SELECT tool, decision, count() AS records FROM ${EVENTS}
      WHERE ${IN_PERIOD} AND tool IN (
        SELECT tool FROM ${EVENTS} WHERE ${IN_PERIOD} AND tool != ''
        GROUP BY tool ORDER BY count() DESC, tool LIMIT {most: UInt32})
      GROUP BY tool, decision`,
    query_params: { ...lakePeriod(period), most: MOST_TOOLS },
    format: 'JSONEachRow',
  });
  const byTool = new Map<string, Report['topTools'][number]>();
  for (const { tool, decision, records } of await result.json<{ tool: string; decision: Decision; records: number }>()) {
    const entry = byTool.get(tool) ?? { tool, counts: {}, total: 0 };
    entry.counts[decision] = records;
    entry.total += records;
    byTool.set(tool, entry);
  }
  return [...byTool.values()].toSorted((a, b) => b.total - a.total || a.tool.localeCompare(b.tool));
}

async function blockedAccesses(ctx: Context, period: Period): Promise<Report['blocked']> {
  const result = await ctx.lake.query({
    query: `SELECT recorded_at AS recordedAt, chain_id AS chainId, ordinal, agent, tool, target, reason FROM ${EVENTS}
      WHERE decision = 'deny' AND ${IN_PERIOD}
      ORDER BY recorded_at DESC, chain_id, ordinal LIMIT {most: UInt32}`,
    query_params: { ...lakePeriod(period), most: MOST_BLOCKED },
    format: 'JSONEachRow',
  });
  const rows = await result.json<Omit<Report['blocked'][number], 'chain'>>();
  const names = await chainNames(ctx, rows.map(({ chainId }) => chainId));
  return rows.map((row) => ({ ...row, chain: names.get(row.chainId) ?? '' }));
}
