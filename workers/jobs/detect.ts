import { defineJob } from '@/lib/queue/job';
import { detectChain } from '@/lib/detect/detect-chain';
import { withoutRefused } from '@/lib/detect/own-rules/set-aside';

export const detect = defineJob({
  kind: 'detect-chain',
  concurrency: 1,
  run: (ctx, payload, signal) => withoutRefused(ctx, () => detectChain(ctx, payload, signal)),
});
