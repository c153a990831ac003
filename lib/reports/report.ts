import 'server-only';
import type { Context } from '../context';
import { CHAIN_VERDICTS } from '../core/chain/verdict';
import { compareInstants } from '../core/time';
import { untimedRecords } from '../lake/query/by-chain';
import { findingsOf } from '../detect/query/findings';
import { newestDenials } from '../lake/query/most';
import { type Reported, reportedIn } from '../lake/query/reported';
import { EVERY_RECORD, type RecordScope } from '../core/search/record-scope';
import type { Period } from '../schemas/common';
import type { Report, ReportChains, ReportFigures } from '../schemas/reports';
import { bucketsOf, inOrder, stepOf } from './buckets';
import { chainNames } from '../chains/chain-names';
import { chainRows, toChain } from '../chains/chain-rows';
import { type ChainOfPeriod, chainsInScope, chainsOfPeriod } from './chains-of-period';
import { findingFigures } from './figures';

const MOST_CHAINS = 500;
const MOST_UNTIMED = 20;
export const MOST_TOOLS = 12;
export const MOST_BLOCKED = 50;
const MOST_FINDINGS = 50;

/**
 * The governance report of a period: what agents did, what was refused, what was found, what is signed. Its first 500 chains by name are listed. `definition`
 * is what it was made of, for who reads it.
 */
export async function getReport(
  ctx: Context,
  {
    period,
    scope = EVERY_RECORD,
    definition,
  }: { period: Period; scope?: RecordScope; definition?: Report['definition'] },
): Promise<Report> {
  const [figures, { total, ...chains }] = await Promise.all([
    reportFigures(ctx, period, scope),
    reportChains(ctx, period, { most: MOST_CHAINS, first: 'by name', scope }),
  ]);
  const { generatedAt, summary, bucketSeconds, activity } = figures;
  return {
    ...(definition && { definition }),
    period,
    generatedAt,
    summary: { chains: total, ...summary },
    bucketSeconds,
    activity,
    chains: chains.chains,
    moreChains: chains.moreChains,
    byVerdict: chains.byVerdict,
    untimed: figures.untimed,
    topTools: figures.topTools,
    blocked: figures.blocked,
    blockedTotal: figures.blockedTotal,
    findingsByLevel: figures.findingsByLevel,
    worstFindings: figures.worstFindings,
    findingsSuppressed: figures.findingsSuppressed,
    coverage: { records: summary.records, attested: chains.coverage.attested },
  };
}

/** The figures of a period that no chain is looked at for. */
export async function reportFigures(ctx: Context, period: Period, scope = EVERY_RECORD): Promise<ReportFigures> {
  const bucketSeconds = stepOf(period);
  const [reported, found, untimed] = await Promise.all([
    reportedIn(ctx, { period, scope, stepSeconds: bucketSeconds, mostTools: MOST_TOOLS }),
    chainsInScope(ctx, period, scope).then((chainIds) => foundIn(ctx, period, chainIds)),
    untimedOf(ctx, scope),
  ]);
  const { totals } = reported;
  return {
    period,
    generatedAt: ctx.now().toISOString(),
    summary: { ...totals, findings: sum(Object.values(found.byLevel)) },
    bucketSeconds,
    activity: bucketsOf(period, bucketSeconds, reported.steps),
    untimed,
    topTools: toolsOf(reported.tools),
    blocked: await blockedAccesses(ctx, period, scope, reported.steps),
    blockedTotal: totals.denied,
    findingsByLevel: found.byLevel,
    worstFindings: found.worst,
    findingsSuppressed: found.suppressed,
  };
}

async function foundIn(ctx: Context, period: Period, chainIds: readonly string[] | undefined) {
  const [figures, { items }] = await Promise.all([
    findingFigures(ctx, period, chainIds),
    findingsOf(ctx.db, {
      ...period,
      chainIds,
      suppressed: 'with',
      sort: '-level',
      limit: MOST_FINDINGS,
      total: 'none',
    }),
  ]);
  const worst = items.map(({ id, level, status, title, windowFrom, windowTo, recordCount, chains }) => ({
    id,
    level,
    status,
    title,
    windowFrom,
    windowTo,
    recordCount,
    chains: chains.map((chain) => ({ id: chain.id, name: chain.name })),
  }));
  return { ...figures, worst };
}

/** The chains of a period: of more than `most` those are listed that come first by name, or those with the worst verdicts. */
export async function reportChains(
  ctx: Context,
  period: Period,
  { most, first, scope }: { most: number; first: 'by name' | 'worst'; scope?: RecordScope },
): Promise<ReportChains> {
  const byName = await chainsOfPeriod(ctx, period, scope);
  const chains = first === 'worst' ? byName.toSorted((a, b) => rank(a) - rank(b)) : byName;
  const more = chains.slice(most);
  return {
    total: chains.length,
    chains: await shownChains(ctx, chains.slice(0, most)),
    moreChains: { chains: more.length, ...coverageOf(more) },
    byVerdict: countBy(chains.map(({ verdict }) => verdict)),
    coverage: coverageOf(chains),
  };
}

function coverageOf(chains: readonly ChainOfPeriod[]): Report['coverage'] {
  return { records: sum(chains.map(({ records }) => records)), attested: sum(chains.map(({ attested }) => attested)) };
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

async function untimedOf(ctx: Context, scope: RecordScope): Promise<Report['untimed']> {
  const { most, ...all } = await untimedRecords(ctx, MOST_UNTIMED, scope);
  const names = await chainNames(
    ctx,
    most.map(({ chainId }) => chainId),
  );
  return {
    ...all,
    most: most.map(({ chainId, records }) => ({ chainId, chain: names.get(chainId) ?? '', records })),
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

/** The tools called most, each by decision. */
export function toolsOf(tools: Reported['tools']): Report['topTools'] {
  const byTool = new Map<string, Report['topTools'][number]>();
  for (const { tool, decision, records } of inOrder(tools)) {
    const entry = byTool.get(tool) ?? { tool, counts: {}, total: 0 };
    entry.counts[decision] = records;
    entry.total += records;
    byTool.set(tool, entry);
  }
  return [...byTool.values()].toSorted((a, b) => b.total - a.total || a.tool.localeCompare(b.tool));
}

/** The newest denials, which are looked for from the beginning of the day on since which there are as many as are listed. */
async function blockedAccesses(
  ctx: Context,
  period: Period,
  scope: RecordScope,
  steps: Reported['steps'],
): Promise<Report['blocked']> {
  let denied = 0;
  let since = period.to;
  for (const { at, records } of steps.filter(({ decision }) => decision === 'deny').toSorted((a, b) => b.at - a.at)) {
    if (denied >= MOST_BLOCKED) break;
    denied += records;
    since = `${new Date(at * 1000).toISOString().slice(0, 10)}T00:00:00Z`;
  }
  if (denied === 0) return [];
  const from = compareInstants(since, period.from) < 0 ? period.from : since;
  let rows = await newestDenials(ctx, { from, to: period.to }, MOST_BLOCKED, scope);
  // What is gone since they were counted leaves room for older ones.
  if (rows.length < Math.min(denied, MOST_BLOCKED)) rows = await newestDenials(ctx, period, MOST_BLOCKED, scope);
  const names = await chainNames(
    ctx,
    rows.map(({ chainId }) => chainId),
  );
  return rows.map((row) => ({ ...row, chain: names.get(row.chainId) ?? '' }));
}
