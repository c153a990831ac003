import 'server-only';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { closeContext, composeContext } from '@/lib/compose';
import { buildId } from '@/lib/config/build';
import type { Context } from '@/lib/context';
import { tryFailuresNow } from '@/lib/db/job-failures';
import { readEnv } from '@/lib/config/env';
import { attemptJob, queueDueFailures } from '@/lib/queue/attempt';
import type { JobDefinition } from '@/lib/queue/job';
import type { JobKind } from '@/lib/queue/kinds';
import { carryActivity } from '@/lib/activity/carry';
import { writeCounted } from '@/lib/activity/write-counted';
import { checkActivity } from '@/lib/activity/check-activity';
import { runDueRequests } from '@/lib/queue/run-due-requests';
import { foldLooks } from '@/lib/detect/fold-looks';
import { CHAINS_EVERY_MS } from '@/lib/detect/integrity-rules';
import { tellExpired } from '@/lib/detect/suppressions/tell-expired';
import { runDueBackfills } from '@/lib/detect/backfill/run-due-backfills';
import { runDuePolicies } from '@/lib/attest/policy/run-due-policies';
import { foldFigures } from '@/lib/chains/figures-by-verdict';
import { runDueLog } from '@/lib/attest/log/run-due-log';
import { runDueReports } from '@/lib/package/report-runs/run-due-reports';
import { runDueTails, sweepAppendKeys } from '@/lib/ingest/run-due-tails';
import { keepFigures } from '@/lib/lake/figures/keep-figures';
import { refillLake } from '@/lib/lake/refill';
import { routeEvents } from '@/lib/notify/route-events';
import { runDueDeliveries, sweepDeliveries } from '@/lib/notify/run-due-deliveries';
import { runIntegrityRules } from '@/lib/integrity/run-integrity-rules';
import { sweepEvidence } from '@/lib/integrity/sweep';
import { recheckStale } from '@/lib/verify/server/recheck-stale';
import { JOBS } from './jobs';
import { watchLogs } from './watch-logs';

const SIGN_OF_LIFE_MS = 10_000;
const ACTIVITY_MS = 1_000;
const TAILS_MS = 1_000;
const FAILURES_MS = 1_000;
const ATTESTATIONS_MS = 2_000;
const NOTIFICATIONS_MS = 1_000;
const FIGURES_MS = 2_000;
const LOG_MS = 5_000;
const BACKFILLS_MS = 60_000;
const EXPIRED_MS = 30_000;
const SWEEP_MS = 3600_000;
const FOLD_MS = 600_000;
const REFILL_MS = 5_000;
/** A partition of the lake that did not change for so long is counted. */
const FIGURES_OF_LAKE_MS = 60_000;
const EVIDENCE_MS = 5_000;
const CHECKED_MS = 60_000;
/** A run of the sweep over evidence; the next goes on where it was. */
const EVIDENCE_RUN_MS = 60_000;
/** What was committed is carried into evidence before the worker ends, or by the next. */
const FLUSH_MS = 2_000;
/** Long enough for a job to reach its next commit, short enough for the supervisor's ten seconds. */
const DRAIN_MS = 5_000;

const env = readEnv();
const [ctx, build] = await Promise.all([composeContext(env, 'worker'), buildId(env.rootDir)]);
const workerId = `${hostname()}:${process.pid}:${randomUUID()}`;
const ending = new AbortController();

// What another build could not do this one may.
await tryFailuresNow(ctx.db, ctx.now(), { notBuild: build });
// Before anything is looked at: what a new release ships is known not to have looked.
await runDueBackfills(ctx);
for (const job of JOBS) await take(job);
await recheckStale(ctx);
await signOfLife();
const beats = [
  setInterval(() => void signOfLife(), SIGN_OF_LIFE_MS),
  every(ACTIVITY_MS, 'what was counted is not recorded', writeCounted),
  every(ACTIVITY_MS, 'actions are not carried into evidence', carryActivity),
  every(TAILS_MS, 'tails are not looked after', runDueTails),
  every(FAILURES_MS, 'failed jobs are not queued again', queueDueFailures),
  every(ATTESTATIONS_MS, 'attestations that wait are not looked after', (own) =>
    runDueRequests(own, 'attestation_requests'),
  ),
  every(ATTESTATIONS_MS, 'attestation policies are not looked after', runDuePolicies),
  every(ATTESTATIONS_MS, 'evidence packages are not looked after', (own) => runDueRequests(own, 'packages')),
  every(ATTESTATIONS_MS, 'reports that are due are not asked for', runDueReports),
  every(ATTESTATIONS_MS, 'report runs are not looked after', (own) => runDueRequests(own, 'report_runs')),
  every(ATTESTATIONS_MS, 'deletions are not looked after', (own) => runDueRequests(own, 'chain_deletions')),
  every(NOTIFICATIONS_MS, 'notifications are not made', async (own) => {
    while ((await routeEvents(own)) > 0);
    await runDueDeliveries(own);
  }),
  every(SWEEP_MS, 'notifications that ended are not swept', sweepDeliveries),
  every(FIGURES_MS, 'figures of chains are not counted anew', async ({ db }) => {
    while (await foldFigures(db));
  }),
  every(EXPIRED_MS, 'what suppressions that expired had hidden is not told of', tellExpired),
  every(BACKFILLS_MS, 'rules do not look at what was recorded before', runDueBackfills),
  every(LOG_MS, 'the transparency log is not looked after', runDueLog),
  every(SWEEP_MS, 'answered appends are not swept', sweepAppendKeys),
  every(FOLD_MS, 'looks of rules are not folded together', foldLooks),
  every(REFILL_MS, 'the event lake is not rebuilt', (own) => refillLake(own, ending.signal)),
  every(FIGURES_OF_LAKE_MS, 'figures of the event lake are not kept', (own) => keepFigures(own, ending.signal)),
  every(CHAINS_EVERY_MS, 'rules about chains do not run', runIntegrityRules),
  every(CHECKED_MS, 'the database is not compared with the chain of actions', (own) =>
    checkActivity(own, own.env.sweep),
  ),
  every(EVIDENCE_MS, 'evidence is not read back', (own) =>
    sweepEvidence(own, { ...own.env.sweep, forMs: EVIDENCE_RUN_MS }, ending.signal),
  ),
];
const watch = watchLogs(ctx);
process.send?.({ type: 'ready' });
ctx.log.info({ workerId }, 'worker ready');

process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
process.once('disconnect', () => void end());

async function take<K extends JobKind>(job: JobDefinition<K>): Promise<void> {
  await ctx.queue.work(job, async (delivery) => {
    const startedMs = performance.now();
    const about: Record<string, unknown> = { job: job.kind, ...delivery.payload };
    const attempted = await attemptJob(ctx, { job, build, ending: ending.signal }, delivery);
    if (attempted === 'done')
      ctx.log.info({ ...about, elapsedMs: Math.round(performance.now() - startedMs) }, 'job done');
  });
}

async function signOfLife(): Promise<void> {
  const seen_at = ctx.now();
  await ctx.db
    .insertInto('workers')
    .values({ id: workerId, seen_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at }))
    .execute()
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'no sign of life: the database does not answer'));
}

/** Runs again and again, one run at a time; a run that fails is told and the next one tries. */
function every(intervalMs: number, failure: string, run: (ctx: Context) => Promise<void>): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void run(ctx)
      .catch((error: unknown) => ctx.log.warn({ err: error }, failure))
      .finally(() => {
        isRunning = false;
      });
  }, intervalMs);
}

async function flushed(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS));
  const carried = carryActivity(ctx).catch((error: unknown) =>
    ctx.log.warn({ err: error }, 'actions are carried into evidence by the next worker'),
  );
  await Promise.race([carried, late]);
}

let ended = false;
async function end(): Promise<void> {
  if (ended) return;
  ended = true;
  for (const beat of beats) clearInterval(beat);
  ending.abort(new Error('the worker is stopping'));
  const drained = ctx.queue
    .stop(DRAIN_MS)
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'queue did not stop cleanly'));
  await Promise.all([drained, watch.stop()]);
  await flushed();
  await ctx.db
    .deleteFrom('workers')
    .where('id', '=', workerId)
    .execute()
    .catch(() => undefined); // it would go stale by itself
  await closeContext(ctx).catch(() => undefined); // the process ends anyway
  process.exit(0);
}
