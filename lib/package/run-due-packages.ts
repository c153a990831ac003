import 'server-only';
import type { Context } from '../context';

/** Packages queued in one go. */
const MAX_DUE = 20;

/** Queues the packages that wait to be made, or to be tried again. Meant to run every few seconds. */
export async function runDuePackages(ctx: Context): Promise<void> {
  const due = await ctx.db
    .selectFrom('packages')
    .select('id')
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', ctx.now())
    .orderBy('next_try_at')
    .limit(MAX_DUE)
    .execute();
  if (due.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    for (const { id: requestId } of due) await ctx.queue.send(tx, 'make-package', { requestId });
  });
}
