import { detectTail } from '@/lib/detect/detect-tail';
import { withoutRefused } from '@/lib/detect/own-rules/set-aside';
import { defineJob } from '@/lib/queue/job';

export const detectOpen = defineJob({
  kind: 'detect-tail',
  concurrency: 1,
  run: (ctx, payload, signal) => withoutRefused(ctx, () => detectTail(ctx, payload, signal)),
});
