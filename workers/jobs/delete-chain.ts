import { WORKER } from '@/lib/access/actor';
import { defineJob } from '@/lib/queue/job';
import { deleteChain } from '@/lib/retention/delete-chain';

/** Deletes a chain whose retention has ended. What keeps it from being done stands in its row, and it is tried again. */
export const deleteExpired = defineJob({
  kind: 'delete-chain',
  concurrency: 1,
  run: (ctx, { requestId: deletionId }, signal) => deleteChain(ctx, { deletionId, actor: WORKER }, signal),
});
