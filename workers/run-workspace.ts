import 'server-only';
import type { Context } from '@/lib/context';
import { tryFailuresNow } from '@/lib/db/job-failures';
import { attemptJob, queueDueFailures } from '@/lib/queue/attempt';
import type { JobDefinition } from '@/lib/queue/job';
import type { JobKind } from '@/lib/queue/kinds';
import { carryActivity } from '@/lib/activity/carry';
import { checkActivity } from '@/lib/activity/check-activity';
import { writeCounted } from '@/lib/activity/write-counted';
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

type Worker = { workerId: string; build: string };
/** What runs of a workspace. `stop` lets what is under way come to its next commit; the context is the caller's to close. */
export type Running = { stop(): Promise<void> };

/** Takes the jobs of a workspace and looks after what comes due in it, until it is stopped. */
export async function runWorkspace(ctx: Context, worker: Worker): Promise<Running> {
  const ending = new AbortController();
  const { signal } = ending;
  // What another build could not do this one may.
  await tryFailuresNow(ctx.db, ctx.now(), { notBuild: worker.build });
  // Before anything is looked at: what a new release ships is known not to have looked.
  await runDueBackfills(ctx);
  for (const job of JOBS) await take(ctx, job, worker.build, signal);
  await recheckStale(ctx);
  await signOfLife(ctx, worker);
  const beats = [
    setInterval(() => void signOfLife(ctx, worker), SIGN_OF_LIFE_MS),
    every(ctx, ACTIVITY_MS, 'what was counted is not recorded', writeCounted),
    every(ctx, ACTIVITY_MS, 'actions are not carried into evidence', carryActivity),
    every(ctx, TAILS_MS, 'tails are not looked after', runDueTails),
    every(ctx, FAILURES_MS, 'failed jobs are not queued again', queueDueFailures),
    every(ctx, ATTESTATIONS_MS, 'attestations that wait are not looked after', (own) =>
      runDueRequests(own, 'attestation_requests'),
    ),
    every(ctx, ATTESTATIONS_MS, 'attestation policies are not looked after', runDuePolicies),
    every(ctx, ATTESTATIONS_MS, 'evidence packages are not looked after', (own) => runDueRequests(own, 'packages')),
    every(ctx, ATTESTATIONS_MS, 'reports that are due are not asked for', runDueReports),
    every(ctx, ATTESTATIONS_MS, 'report runs are not looked after', (own) => runDueRequests(own, 'report_runs')),
    every(ctx, ATTESTATIONS_MS, 'deletions are not looked after', (own) => runDueRequests(own, 'chain_deletions')),
    every(ctx, NOTIFICATIONS_MS, 'notifications are not made', async (own) => {
      while ((await routeEvents(own)) > 0);
      await runDueDeliveries(own);
    }),
    every(ctx, SWEEP_MS, 'notifications that ended are not swept', sweepDeliveries),
    every(ctx, FIGURES_MS, 'figures of chains are not counted anew', async ({ db }) => {
      while (await foldFigures(db));
    }),
    every(ctx, EXPIRED_MS, 'what suppressions that expired had hidden is not told of', tellExpired),
    every(ctx, BACKFILLS_MS, 'rules do not look at what was recorded before', runDueBackfills),
    every(ctx, LOG_MS, 'the transparency log is not looked after', runDueLog),
    every(ctx, SWEEP_MS, 'answered appends are not swept', sweepAppendKeys),
    every(ctx, FOLD_MS, 'looks of rules are not folded together', foldLooks),
    every(ctx, REFILL_MS, 'the event lake is not rebuilt', (own) => refillLake(own, signal)),
    every(ctx, FIGURES_OF_LAKE_MS, 'figures of the event lake are not kept', (own) => keepFigures(own, signal)),
    every(ctx, CHAINS_EVERY_MS, 'rules about chains do not run', runIntegrityRules),
    every(ctx, CHECKED_MS, 'the database is not compared with the chain of actions', (own) =>
      checkActivity(own, own.env.sweep),
    ),
    every(ctx, EVIDENCE_MS, 'evidence is not read back', (own) =>
      sweepEvidence(own, { ...own.env.sweep, forMs: EVIDENCE_RUN_MS }, signal),
    ),
  ];
  return {
    async stop() {
      for (const beat of beats) clearInterval(beat);
      ending.abort(new Error('the worker is stopping'));
      await ctx.queue
        .stop(DRAIN_MS)
        .catch((error: unknown) => ctx.log.warn({ err: error }, 'queue did not stop cleanly'));
      await flushed(ctx);
      await ctx.db
        .deleteFrom('workers')
        .where('id', '=', worker.workerId)
        .execute()
        .catch(() => undefined); // it would go stale by itself
    },
  };
}

async function take<K extends JobKind>(
  ctx: Context,
  job: JobDefinition<K>,
  build: string,
  ending: AbortSignal,
): Promise<void> {
  await ctx.queue.work(job, async (delivery) => {
    const startedMs = performance.now();
    const about: Record<string, unknown> = { job: job.kind, ...delivery.payload };
    const attempted = await attemptJob(ctx, { job, build, ending }, delivery);
    if (attempted === 'done')
      ctx.log.info({ ...about, elapsedMs: Math.round(performance.now() - startedMs) }, 'job done');
  });
}

async function signOfLife(ctx: Context, { workerId }: Worker): Promise<void> {
  const seen_at = ctx.now();
  await ctx.db
    .insertInto('workers')
    .values({ id: workerId, seen_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at }))
    .execute()
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'no sign of life: the database does not answer'));
}

/** Runs again and again, one run at a time; a run that fails is told and the next one tries. */
function every(
  ctx: Context,
  intervalMs: number,
  failure: string,
  run: (ctx: Context) => Promise<void>,
): NodeJS.Timeout {
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

async function flushed(ctx: Context): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS));
  const carried = carryActivity(ctx).catch((error: unknown) =>
    ctx.log.warn({ err: error }, 'actions are carried into evidence by the next worker'),
  );
  await Promise.race([carried, late]);
}
