import { WORKER } from '@/lib/access/actor';
import { makePackage } from '@/lib/package/make-package';
import { defineJob } from '@/lib/queue/job';

/** Makes an evidence package once. What keeps it from being made stands in its row, and it is tried again. */
export const pack = defineJob({
  kind: 'make-package',
  concurrency: 1,
  run: (ctx, { requestId: packageId }, signal) => makePackage(ctx, { packageId, actor: WORKER }, signal),
});
