import 'server-only';
import type { Context } from '../context';
import { findingsOf } from '../detect/query/findings';
import type { ChainVerdict, Period } from '../schemas/common';
import type { Overview } from '../schemas/reports';
import { chainsForAttention } from '../chains/attention';
import { type VerdictFigures, figuresByVerdict } from '../chains/figures-by-verdict';
import { activity } from '../reports/buckets';
import { periodCounts } from '../lake/query/totals';
import { waitingByStage } from '../chains/waiting';
import { findingFigures, recordedSpan } from '../reports/figures';
import { evidenceState } from '../integrity/evidence-state';
import { listStuck } from './stuck';
import { topValues } from './top-values';
import { unsigned } from './unattested';

/** The lake holds no time before it. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);

/** Whether all evidence holds, what needs a person, what happened, what is signed, what changed. */
export async function getOverview(ctx: Context, { period }: { period: Period }): Promise<Overview> {
  const [figures, attention, open, newest, graph, bare, stored, change, stuck, top, waiting, behind] =
    await Promise.all([
      figuresByVerdict(ctx.db),
      chainsForAttention(ctx, 5),
      findingFigures(ctx),
      findingsOf(ctx.db, { status: ['open'], limit: 5 }),
      activity(ctx, period),
      unsigned(ctx.db, ctx.now()),
      evidenceState(ctx),
      changeOf(ctx, period),
      listStuck(ctx, { limit: 5 }),
      topValues(ctx, period),
      waitingByStage(ctx.db),
      furthestBehind(ctx),
    ]);
  return {
    period,
    chains: sumOf(figures, 'chains'),
    records: sumOf(figures, 'records'),
    byVerdict: Object.fromEntries(Array.from(figures, ([verdict, { chains }]) => [verdict, chains])),
    attention,
    findingsOpen: open.byLevel,
    oldestOpenFindingAt: open.oldestOpenAt,
    newestFindings: newest.items,
    ...graph,
    coverage: {
      records: sumOf(figures, 'records'),
      attested: sumOf(figures, 'attested'),
    },
    coverageByVerdict: Object.fromEntries(
      Array.from(figures, ([verdict, { records, attested }]) => [verdict, { records, attested }]),
    ),
    top,
    waiting,
    behind,
    unsigned: { waiting: bare.waiting, failed: bare.failed, overdue: bare.overdue.slice(0, 5) },
    stored,
    stuck,
    // asked of all records: only where the period has none
    recordedSpan: change.records[0] === 0 ? await recordedSpan(ctx) : null,
    change,
  };
}

function sumOf(figures: ReadonlyMap<ChainVerdict, VerdictFigures>, of: keyof VerdictFigures): number {
  return figures.values().reduce((sum, verdict) => sum + verdict[of], 0);
}

/** The same figures of the period and of as long a time before it. */
async function changeOf(ctx: Context, period: Period): Promise<Overview['change']> {
  const lengthMs = Date.parse(period.to) - Date.parse(period.from);
  const fromMs = Math.max(EARLIEST_MS, Date.parse(period.from) - lengthMs);
  const before = { from: new Date(Math.min(fromMs, Date.parse(period.from))).toISOString(), to: period.from };
  const [now, earlier, found, foundEarlier] = await Promise.all([
    periodCounts(ctx, period),
    periodCounts(ctx, before),
    countFindings(ctx, period),
    countFindings(ctx, before),
  ]);
  return {
    before,
    records: [now.records, earlier.records],
    denied: [now.denied, earlier.denied],
    findings: [found, foundEarlier],
  };
}

/** What senders said they had still to send. */
async function furthestBehind(ctx: Context): Promise<Overview['behind']> {
  const rows = await ctx.db
    .selectFrom('tails as t')
    .innerJoin('chains as c', 'c.id', 't.chain_id')
    .where('t.lag_bytes', '>', 0)
    .orderBy('t.lag_bytes', 'desc')
    .limit(5)
    .select(['c.id', 'c.name', 't.lag_bytes'])
    .execute();
  return rows.map(({ id, name, lag_bytes: bytes }) => ({ chainId: id, chain: name, bytes: bytes ?? 0 }));
}

async function countFindings(ctx: Context, period: Period): Promise<number> {
  const { byLevel } = await findingFigures(ctx, period);
  return Object.values(byLevel).reduce((sum, count) => sum + count, 0);
}
