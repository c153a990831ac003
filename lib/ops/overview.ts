import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { ANSWERED_VERDICT } from '../db/evidence-damage';
import { findingsOf } from '../detect/query/findings';
import type { Period } from '../schemas/common';
import type { Overview } from '../schemas/reports';
import { VERDICTS } from '../core/chain/verdict';
import { activity } from '../reports/buckets';
import { chainRows, toChain } from '../chains/chain-rows';
import { periodTotals } from '../lake/query/totals';
import { coverage, findingFigures, recordedSpan } from '../reports/figures';
import { evidenceState } from '../integrity/evidence-state';
import { listStuck } from './stuck';
import { unattested } from './unattested';

const WEEK_MS = 7 * 86_400_000;

/** Whether all evidence holds, what needs a person, what happened, what is signed, what changed. */
export async function getOverview(ctx: Context, { period }: { period: Period }): Promise<Overview> {
  const end = Date.parse(period.to);
  const week = (back: number): Period => ({
    from: new Date(end - (back + 1) * WEEK_MS).toISOString(),
    to: new Date(end - back * WEEK_MS).toISOString(),
  });
  const [thisWeek, lastWeek] = [week(0), week(1)];
  const [
    verdicts,
    attention,
    open,
    newest,
    graph,
    covered,
    bare,
    stored,
    span,
    now,
    before,
    foundNow,
    foundBefore,
    stuck,
  ] = await Promise.all([
    ctx.db
      .selectFrom('chains')
      .groupBy(ANSWERED_VERDICT)
      .select(({ fn }) => [
        ANSWERED_VERDICT.as('verdict'),
        fn.countAll<number>().as('n'),
        fn.sum<string>('records').as('records'),
      ])
      .execute(),
    chainRows(ctx)
      .orderBy(sql`damaged`, 'desc')
      .orderBy(sql`array_position(${sql.val([...VERDICTS])}::text[], verdict) NULLS LAST`)
      .orderBy('updated_at', 'desc')
      .limit(5)
      .execute(),
    findingFigures(ctx),
    findingsOf(ctx.db, { status: ['open'], limit: 5 }),
    activity(ctx, period),
    coverage(ctx),
    unattested(ctx.db, ctx.now()),
    evidenceState(ctx),
    recordedSpan(ctx),
    periodTotals(ctx, thisWeek),
    periodTotals(ctx, lastWeek),
    countFindings(ctx, thisWeek),
    countFindings(ctx, lastWeek),
    listStuck(ctx, { limit: 5 }),
  ]);
  return {
    period,
    chains: verdicts.reduce((sum, { n }) => sum + n, 0),
    records: verdicts.reduce((sum, { records }) => sum + Number(records), 0),
    byVerdict: Object.fromEntries(verdicts.map(({ verdict, n }) => [verdict, n])),
    attention: attention.map(toChain),
    findingsOpen: open.byLevel,
    oldestOpenFindingAt: open.oldestOpenAt,
    newestFindings: newest.items,
    ...graph,
    coverage: covered,
    unsigned: { waiting: bare.waiting, failed: bare.failed, overdue: bare.overdue.slice(0, 5) },
    stored,
    stuck,
    recordedSpan: span,
    week: {
      records: [now.records, before.records],
      denied: [now.denied, before.denied],
      findings: [foundNow, foundBefore],
    },
  };
}

async function countFindings(ctx: Context, period: Period): Promise<number> {
  const { byLevel } = await findingFigures(ctx, period);
  return Object.values(byLevel).reduce((sum, count) => sum + count, 0);
}
