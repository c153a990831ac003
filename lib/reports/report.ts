import 'server-only';
import type { Context } from '../context';
import { CHAIN_VERDICTS } from '../core/chain/verdict';
import { compareInstants } from '../core/time';
import { untimedByChain } from '../lake/query/by-chain';
import { newestDenials } from '../lake/query/most';
import { type Reported, reportedIn } from '../lake/query/reported';
import type { Period } from '../schemas/common';
import type { Report } from '../schemas/reports';
import { bucketsOf, stepOf } from './buckets';
import { chainNames } from '../chains/chain-names';
import { chainRows, toChain } from '../chains/chain-rows';
import { type ChainOfPeriod, chainsOfParts } from './chains-of-period';
import { findingFigures } from './figures';

const MOST_CHAINS = 500;
const MOST_UNTIMED = 20;
const MOST_TOOLS = 12;
const MOST_BLOCKED = 50;

/**
 * The governance report of a period: what agents did, what was refused, what was found, what is signed. Of more chains than are listed those are
 * that come first by name, or those with the worst verdicts.
 */
export async function getReport(
  ctx: Context,
  { period, listed: chosen = 'by name' }: { period: Period; listed?: 'by name' | 'worst' },
): Promise<Report> {
  const bucketSeconds = stepOf(period);
  const [reported, found, untimed] = await Promise.all([
    reportedIn(ctx, { period, stepSeconds: bucketSeconds, mostTools: MOST_TOOLS }),
    findingFigures(ctx, period),
    untimedOf(ctx),
  ]);
  const { totals } = reported;
  const blocked = await blockedAccesses(ctx, period, reported.steps);
  const byName = await chainsOfParts(ctx, reported.segments);
  const chains = chosen === 'worst' ? byName.toSorted((a, b) => rank(a) - rank(b)) : byName;
  const listed = chains.slice(0, MOST_CHAINS);
  const more = chains.slice(MOST_CHAINS);
  return {
    period,
    generatedAt: ctx.now().toISOString(),
    summary: { chains: chains.length, ...totals, findings: sum(Object.values(found.byLevel)) },
    bucketSeconds,
    activity: bucketsOf(period, bucketSeconds, reported.steps),
    chains: await shownChains(ctx, listed),
    moreChains: {
      chains: more.length,
      records: sum(more.map(({ records }) => records)),
      attested: sum(more.map(({ attested }) => attested)),
    },
    byVerdict: countBy(chains.map(({ verdict }) => verdict)),
    untimed,
    topTools: toolsOf(reported.tools),
    blocked,
    blockedTotal: totals.denied,
    findingsByLevel: found.byLevel,
    findingsSuppressed: found.suppressed,
    coverage: { records: totals.records, attested: sum(chains.map(({ attested }) => attested)) },
  };
}

async function shownChains(ctx: Context, listed: readonly ChainOfPeriod[]): Promise<Report['chains']> {
  if (listed.length === 0) return [];
  const of = new Map(listed.map(({ id, records, attested }) => [id, { records, attested }]));
  const rows = await chainRows(ctx)
    .where('id', 'in', [...of.keys()])
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...toChain(row), inPeriod: of.get(row.id) ?? NONE }));
}

const NONE = { records: 0, attested: 0 };

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

function rank({ verdict }: ChainOfPeriod): number {
  return CHAIN_VERDICTS.indexOf(verdict);
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

/** The newest denials, which are looked for from the beginning of the day on since which there are as many as are listed. */
async function blockedAccesses(ctx: Context, period: Period, steps: Reported['steps']): Promise<Report['blocked']> {
  let denied = 0;
  let since = period.to;
  for (const { at, records } of steps.filter(({ decision }) => decision === 'deny').toSorted((a, b) => b.at - a.at)) {
    if (denied >= MOST_BLOCKED) break;
    denied += records;
    since = `${new Date(at * 1000).toISOString().slice(0, 10)}T00:00:00Z`;
  }
  if (denied === 0) return [];
  const from = compareInstants(since, period.from) < 0 ? period.from : since;
  let rows = await newestDenials(ctx, { from, to: period.to }, MOST_BLOCKED);
  // What is gone since they were counted leaves room for older ones.
  if (rows.length < Math.min(denied, MOST_BLOCKED)) rows = await newestDenials(ctx, period, MOST_BLOCKED);
  const names = await chainNames(
    ctx,
    rows.map(({ chainId }) => chainId),
  );
  return rows.map((row) => ({ ...row, chain: names.get(row.chainId) ?? '' }));
}
