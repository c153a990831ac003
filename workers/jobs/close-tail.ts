import { WORKER } from '@/lib/access/actor';
import { closeTail } from '@/lib/ingest/close-tail';
import { defineJob } from '@/lib/queue/job';

export const close = defineJob({
  kind: 'close-tail',
  concurrency: 1,
  run: (ctx, { chainId }) => closeTail(ctx, { chainId, actor: WORKER }),
});
