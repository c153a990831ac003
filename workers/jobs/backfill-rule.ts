import { backfillRule } from '@/lib/detect/backfill/backfill-rule';
import { withoutRefused } from '@/lib/detect/own-rules/set-aside';
import { defineJob } from '@/lib/queue/job';

export const backfill = defineJob({
  kind: 'backfill-rule',
  concurrency: 1,
  run: (ctx, payload, signal) => withoutRefused(ctx, () => backfillRule(ctx, payload, signal)),
});
