import { tryNow } from '@/lib/attest/requests/try-now';
import { defineJob } from '@/lib/queue/job';

/** Tries what waits to be signed. What cannot be signed yet is no failed job: it says why and waits longer. */
export const attestRequest = defineJob({
  kind: 'attest-request',
  concurrency: 2,
  run: (ctx, { requestId }) => tryNow(ctx, requestId),
});
