import 'server-only';
import type { Context } from '../context';
import { countUpTo, findingsOf } from '../detect/query/findings';
import type { ChainVerdict, Period } from '../schemas/common';
import type { Happened, Overview, Standing } from '../schemas/reports';
import { chainsForAttention } from '../chains/attention';
import { type VerdictFigures, figuresByVerdict } from '../chains/figures-by-verdict';
import { bucketsOf, stepOf } from '../reports/buckets';
import { happenedIn } from '../lake/query/happened';
import type { Decision } from '../core/event/fields';
import { waitingByStage } from '../chains/waiting';
import { openFindings, recordedSpan } from '../reports/figures';
import { evidenceState } from '../integrity/evidence-state';
import { listStuck } from './stuck';
import { unsigned } from './unattested';

const TOP = 5;
/** The lake holds no time before it. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);

/** Whether all evidence holds, what needs a person, what happened, what is signed, what changed. */
export async function getOverview(ctx: Context, { period }: { period: Period }): Promise<Overview> {
  const [standing, happened] = await Promise.all([getStanding(ctx), getHappened(ctx, period)]);
  return { period, ...standing, ...happened };
}

/** How everything stands now, which the lake is not asked for. */
export async function getStanding(ctx: Context): Promise<Standing> {
  const [figures, attention, open, newest, bare, stored, stuck, waiting, behind] = await Promise.all([
    figuresByVerdict(ctx.db),
    chainsForAttention(ctx, 5),
    openFindings(ctx),
    findingsOf(ctx.db, { status: ['new'], limit: 5, total: 'none' }),
    unsigned(ctx.db, ctx.now()),
    evidenceState(ctx),
    listStuck(ctx, { limit: 5 }),
    waitingByStage(ctx.db),
    furthestBehind(ctx),
  ]);
  const [records, attested] = [sumOf(figures, 'records'), sumOf(figures, 'attested')];
  return {
    chains: sumOf(figures, 'chains'),
    records,
    byVerdict: Object.fromEntries(Array.from(figures, ([verdict, { chains }]) => [verdict, chains])),
    attention,
    findingsOpen: open.byLevel,
    oldestOpenFindingAt: open.oldestAt,
    newestFindings: newest.items,
    coverage: { records, attested },
    coverageByVerdict: Object.fromEntries(
      Array.from(figures, ([verdict, of]) => [verdict, { records: of.records, attested: of.attested }]),
    ),
    waiting,
    behind,
    unsigned: { waiting: bare.waiting, failed: bare.failed, overdue: bare.overdue.slice(0, 5) },
    stored,
    stuck,
  };
}

/** What happened in a period, beside as long a time before it. */
export async function getHappened(ctx: Context, period: Period): Promise<Happened> {
  const lengthMs = Date.parse(period.to) - Date.parse(period.from);
  const fromMs = Math.max(EARLIEST_MS, Date.parse(period.from) - lengthMs);
  const before = { from: new Date(Math.min(fromMs, Date.parse(period.from))).toISOString(), to: period.from };
  const bucketSeconds = stepOf(period);
  const [happened, found, foundEarlier] = await Promise.all([
    happenedIn(ctx, { period, before: before.from, stepSeconds: bucketSeconds, most: TOP }),
    countUpTo(ctx.db, period),
    countUpTo(ctx.db, before),
  ]);
  const records = recordsIn(happened.steps);
  return {
    bucketSeconds,
    activity: bucketsOf(period, bucketSeconds, happened.steps),
    // asked of all records: only where the period has none
    recordedSpan: records === 0 ? await recordedSpan(ctx) : null,
    change: {
      before,
      records: [records, recordsIn(happened.earlier)],
      denied: [recordsIn(happened.steps, 'deny'), recordsIn(happened.earlier, 'deny')],
      findings: [found, foundEarlier],
    },
    top: { agents: happened.agents, tools: happened.tools, deniedTargets: happened.deniedTargets },
  };
}

function recordsIn(counted: readonly { decision: Decision; records: number }[], only?: Decision): number {
  return counted.reduce((sum, { decision, records }) => (only && decision !== only ? sum : sum + records), 0);
}

function sumOf(figures: ReadonlyMap<ChainVerdict, VerdictFigures>, of: keyof VerdictFigures): number {
  return figures.values().reduce((sum, verdict) => sum + verdict[of], 0);
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
