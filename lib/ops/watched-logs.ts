import 'server-only';
import type { Context } from '../context';
import type { WatchedLog } from '../schemas/watched-logs';

/** The logs that workers follow themselves, by host and path, as they said last. */
export async function listWatchedLogs(ctx: Context): Promise<WatchedLog[]> {
  const rows = await ctx.db
    .selectFrom('watched_logs as w')
    .leftJoin('chains as c', 'c.name', 'w.chain')
    .selectAll('w')
    .select('c.id as chain_id')
    .orderBy('w.host')
    .orderBy('w.log')
    .execute();
  return rows.map(({ host, log, chain, chain_id: chainId, phase, message, lag_bytes: lagBytes, seen_at: seenAt }) => ({
    host,
    log,
    chain,
    chainId,
    phase,
    message,
    lagBytes,
    seenAt: seenAt.toISOString(),
  }));
}
