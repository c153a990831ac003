import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../../context';
import { logEarlier } from './log-earlier';
import { logKeys } from './log-keys';

/** Installations whose earlier bundles this process has told the log of. */
const reported = new WeakSet<object>();

/**
 * Queues the publication of the log when entries wait for it, or a witness is to be asked again. It tells the log of new keys, and the first time
 * of what was signed before there was a log.
 */
export async function runDueLog(ctx: Context): Promise<void> {
  if (!reported.has(ctx.pool)) await logEarlier(ctx);
  reported.add(ctx.pool);
  await logKeys(ctx);
  const keys = ctx.env.witnesses.map(({ verifierKey }) => verifierKey);
  const { rows } = await sql<{ entries: number; signed: number; witnesses: number }>`
    SELECT (SELECT coalesce(max(index) + 1, 0) FROM log_entries) AS entries,
      (SELECT coalesce(max(size), 0) FROM log_checkpoints) AS signed,
      (SELECT count(*)::int FROM unnest(${keys}::text[]) AS configured (verifier_key) LEFT JOIN log_witnesses w USING (verifier_key)
        WHERE coalesce(w.size, 0) < (SELECT coalesce(max(size), 0) FROM log_checkpoints) AND (w.next_try_at IS NULL OR w.next_try_at <= ${ctx.now()})) AS witnesses`.execute(
    ctx.db,
  );
  const [state] = rows;
  if (!state || (state.entries <= state.signed && state.witnesses === 0)) return;
  await ctx.db.transaction().execute((tx) => ctx.queue.send(tx, 'publish-log', {}));
}
