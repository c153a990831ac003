import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';

/** The time over which is counted how fast chains are checked. */
const PACE_SECONDS = 120;

/** How many chains wait to be checked, which of them this one is, from 1 on, and in how many seconds it is reached; null when it does not wait. */
export async function queuePlace(
  ctx: Context,
  chainId: string,
): Promise<{ chains: number; place: number; seconds: number | null } | null> {
  const { rows } = await sql<{ chains: number; place: number | null; done: number }>`
    WITH jobs AS (
      SELECT split_part(singleton_key, ':', 1) AS chain, row_number() OVER (ORDER BY state = 'active' DESC, priority DESC, created_on) AS n
      FROM pgboss.job WHERE name IN ('check-segment', 'join-chain') AND state IN ('created', 'retry', 'active') AND singleton_key IS NOT NULL
    ), waiting AS (SELECT chain, min(n) AS n FROM jobs GROUP BY chain)
    SELECT (SELECT count(*)::int FROM pgboss.job WHERE name = 'join-chain' AND state = 'completed'
        AND completed_on > now() - make_interval(secs => ${PACE_SECONDS})) AS done,
      count(*)::int AS chains, (SELECT count(*)::int FROM waiting w WHERE w.n <= (SELECT n FROM waiting WHERE chain = ${chainId})) AS place FROM waiting`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (!row?.place) return null;
  const { chains, place, done } = row;
  return { chains, place, seconds: done === 0 ? null : Math.ceil((place * PACE_SECONDS) / done) };
}
