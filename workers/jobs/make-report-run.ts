import { WORKER } from '@/lib/access/actor';
import { makeReportRun } from '@/lib/package/report-runs/make';
import { defineJob } from '@/lib/queue/job';

/** Makes a report that is to be kept, once. What keeps it from being made stands in its row, and it is tried again. */
export const keepReport = defineJob({
  kind: 'make-report-run',
  concurrency: 1,
  run: (ctx, { requestId: runId }, signal) => makeReportRun(ctx, { runId, actor: WORKER }, signal),
});
