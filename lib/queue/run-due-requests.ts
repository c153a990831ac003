import 'server-only';
import type { Context } from '../context';

/** Where requests wait that a job sees to, and how many are queued in one go. */
const REQUESTS = {
  attestation_requests: { kind: 'attest-request', most: 100 },
  packages: { kind: 'make-package', most: 20 },
  report_runs: { kind: 'make-report-run', most: 20 },
  chain_deletions: { kind: 'delete-chain', most: 20 },
} as const;

/** Queues the requests of a table whose time to be tried has come: new ones nobody tried, and those that failed before. Meant to run every few seconds. */
export async function runDueRequests(ctx: Context, table: keyof typeof REQUESTS): Promise<void> {
  const { kind, most } = REQUESTS[table];
  const due = await ctx.db
    .selectFrom(table)
    .select('id')
    .where('state', '=', 'waiting')
    .where('next_try_at', '<=', ctx.now())
    .orderBy('next_try_at')
    .limit(most)
    .execute();
  if (due.length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    for (const { id: requestId } of due) await ctx.queue.send(tx, kind, { requestId });
  });
}
