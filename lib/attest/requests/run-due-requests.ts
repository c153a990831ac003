import 'server-only';
import type { Context } from '../../context';

/** Requests queued in one go. */
const MAX_DUE = 100;

/** Queues the requests whose time to be tried has come: new ones nobody tried, and those that wait for a signing service. Meant to run every few seconds. */
export async function runDueRequests(ctx: Context): Promise<void> {
  const due = await ctx.db
    .selectFrom('attestation_requests')
    .select('id')
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', ctx.now())
    .orderBy('next_try_at')
    .limit(MAX_DUE)
    .execute();
  if (due.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    for (const { id: requestId } of due) await ctx.queue.send(tx, 'attest-request', { requestId });
  });
}
