import 'server-only';
import type { Context } from '../context';
import type { ChainVerdict } from '../core/chain/verdict';
import { untimedByChain } from '../lake/query/by-chain';
import { type Reported, reportedIn } from '../lake/query/happened';
import { newestDenials } from '../lake/query/most';
import { periodTotals } from '../lake/query/totals';
import type { Period } from '../schemas/common';
import type { Report } from '../schemas/reports';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { bucketsOf, stepOf } from './buckets';
import { chainNames } from '../chains/chain-names';
import { chainRows, toChain } from '../chains/chain-rows';
import { chainsOfParts } from './chains-of-period';
import { findingFigures } from './figures';

const MOST_CHAINS = 500;
const CHAINS_AT_ONCE = 1_000;
const MOST_UNTIMED = 20;
const MOST_TOOLS = 12;
const MOST_BLOCKED = 50;

/** The governance report of a period: what agents did, what was refused, what was found, what is signed. */
export async function getReport(ctx: Context, { period }: { period: Period }): Promise<Report> {
  const bucketSeconds = stepOf(period);
  const [totals, reported, blocked, found, untimed] = await Promise.all([
    periodTotals(ctx, period),
    reportedIn(ctx, { period, stepSeconds: bucketSeconds, mostTools: MOST_TOOLS }),
    blockedAccesses(ctx, period),
    findingFigures(ctx, period),
    untimedOf(ctx),
  ]);
  const inPeriod = await chainsOfParts(ctx, reported.segments);
  const named = await namedChains(ctx, [...inPeriod.keys()]);
  const listed =
    named.length === 0
      ? []
      : await chainRows(ctx)
          .where(
            'id',
            'in',
            named.slice(0, MOST_CHAINS).map(({ id }) => id),
          )
          .orderBy('name')
          .execute();
  const more = named.slice(MOST_CHAINS).map(({ id }) => inPeriod.get(id) ?? NONE);
  return {
    period,
    generatedAt: ctx.now().toISOString(),
    summary: { chains: named.length, ...totals, findings: sum(Object.values(found.byLevel)) },
    bucketSeconds,
    activity: bucketsOf(period, bucketSeconds, reported.steps),
    chains: listed.map((row) => ({ ...toChain(row), inPeriod: inPeriod.get(row.id) ?? NONE })),
    moreChains: {
      chains: more.length,
      records: sum(more.map(({ records }) => records)),
      attested: sum(more.map(({ attested }) => attested)),
    },
    byVerdict: countBy(named.map(({ verdict }) => verdict)),
    untimed,
    topTools: toolsOf(reported.tools),
    blocked,
    blockedTotal: totals.denied,
    findingsByLevel: found.byLevel,
    coverage: { records: totals.records, attested: sum([...inPeriod.values()].map(({ attested }) => attested)) },
  };
}

const NONE = { records: 0, attested: 0 };

async function namedChains(ctx: Context, ids: readonly string[]) {
  const rows: { id: string; name: string; verdict: ChainVerdict }[] = [];
  for (let at = 0; at < ids.length; at += CHAINS_AT_ONCE)
    rows.push(
      ...(await ctx.db
        .selectFrom('chains')
        .where('id', 'in', ids.slice(at, at + CHAINS_AT_ONCE))
        .select(['id', 'name', ANSWERED_VERDICT.as('verdict')])
        .execute()),
    );
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function untimedOf(ctx: Context): Promise<Report['untimed']> {
  const records = await untimedByChain(ctx);
  const most = [...records].toSorted(([, a], [, b]) => b - a).slice(0, MOST_UNTIMED);
  const names = await chainNames(
    ctx,
    most.map(([chainId]) => chainId),
  );
  return {
    records: sum([...records.values()]),
    chains: records.size,
    most: most.map(([chainId, count]) => ({ chainId, chain: names.get(chainId) ?? '', records: count })),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

function countBy<T extends string>(values: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function toolsOf(tools: Reported['tools']): Report['topTools'] {
  const byTool = new Map<string, Report['topTools'][number]>();
  for (const { tool, decision, records } of tools) {
    const entry = byTool.get(tool) ?? { tool, counts: {}, total: 0 };
    entry.counts[decision] = records;
    entry.total += records;
    byTool.set(tool, entry);
  }
  return [...byTool.values()].toSorted((a, b) => b.total - a.total || a.tool.localeCompare(b.tool));
}

async function blockedAccesses(ctx: Context, period: Period): Promise<Report['blocked']> {
  const rows = await newestDenials(ctx, period, MOST_BLOCKED);
  const names = await chainNames(
    ctx,
    rows.map(({ chainId }) => chainId),
  );
  return rows.map((row) => ({ ...row, chain: names.get(row.chainId) ?? '' }));
}
