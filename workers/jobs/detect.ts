import { defineJob } from '@/lib/queue/job';
import { detectChain } from '@/lib/detect/detect-chain';
import { withoutRefused } from '@/lib/detect/own-rules/set-aside';

export const detect = defineJob({
  kind: 'detect-chain',
  // A chain of millions of records is looked at for minutes: others do not wait for it.
  concurrency: 2,
  run: (ctx, payload, signal) => withoutRefused(ctx, () => detectChain(ctx, payload, signal)),
});
