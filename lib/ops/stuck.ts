import 'server-only';
import type { z } from 'zod';
import type { Actor } from '../access/actor';
import { requireChainAllowed, requireEveryChain } from '../access/chain-limit';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { requireChain } from '../db/chains';
import { STUCK_AFTER, tryFailuresNow } from '../db/job-failures';
import { STAGE } from '../queue/failure-words';
import { JOB_KINDS } from '../queue/kinds';
import { failingDestinations, sendAgain } from './failing-destinations';
import { failingReports, makeAgain } from './failing-reports';
import type { Retried, RetryStuck, StuckJob, StuckJobs } from '../schemas/stuck';

const SHOWN = 500;

/** Jobs that failed so often that they need attention, those that are stuck longest first; then destinations of notifications, and reports of schedules. */
export async function listStuck(
  ctx: Pick<Context, 'db'>,
  { limit = SHOWN }: { limit?: number } = {},
): Promise<z.output<typeof StuckJobs>> {
  const rows = await ctx.db
    .selectFrom('job_failures as j')
    .leftJoin('chains as c', 'c.id', 'j.chain_id')
    .where('j.attempts', '>=', STUCK_AFTER)
    .select([
      'j.id',
      'j.kind',
      'j.chain_id',
      'c.name',
      'j.cause',
      'j.attempts',
      'j.first_failed_at',
      'j.last_failed_at',
      'j.next_try_at',
      ({ fn }) => fn.countAll<number>().over().as('total'),
    ])
    .orderBy('j.first_failed_at')
    .orderBy('j.id')
    .limit(limit)
    .execute();
  const items = rows.map(
    (row): StuckJob => ({
      id: row.id,
      kind: row.kind,
      what: what(row.kind),
      chainId: row.name === null ? null : row.chain_id,
      chain: row.name,
      cause: row.cause,
      attempts: row.attempts,
      since: row.first_failed_at.toISOString(),
      lastTriedAt: row.last_failed_at.toISOString(),
      nextTryAt: row.next_try_at.toISOString(),
    }),
  );
  const failing = await failingDestinations(ctx, Math.max(1, limit - items.length));
  const reports = await failingReports(ctx, limit);
  return {
    items: [...items, ...failing.items, ...reports.items].slice(0, limit),
    total: Number(rows[0]?.total ?? 0) + failing.total + reports.total,
  };
}

/** Has what is stuck, or failed once, tried again at once, as a person asks who has seen to the cause. */
export async function retryStuck(
  ctx: Context,
  { actor, ...which }: z.output<typeof RetryStuck> & { actor: Actor },
): Promise<z.output<typeof Retried>> {
  if (which.chainId === undefined || which.id !== undefined) requireEveryChain(actor);
  else if (actor.chains !== null) requireChainAllowed(actor, (await requireChain(ctx.db, which.chainId)).name);
  return ctx.db.transaction().execute(async (tx) => {
    const jobs = await tryFailuresNow(tx, ctx.now(), which);
    const others =
      which.chainId === undefined
        ? (await sendAgain(tx, ctx.now(), which.id)) + (await makeAgain(tx, ctx.now(), which.id))
        : 0;
    const retried = jobs + others;
    if (retried > 0)
      await audit.append(tx, actor, {
        action: 'job.retry',
        subjectId: which.id ?? which.chainId ?? 'all',
        details: { retried },
      });
    return { retried };
  });
}

function what(kind: string): string {
  const known = JOB_KINDS.find((one) => one === kind);
  return known ? STAGE[known] : kind;
}
