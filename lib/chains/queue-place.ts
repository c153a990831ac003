import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';

/** How many chains wait to be checked, and which of them this one is, from 1 on; null when it does not wait. */
export async function queuePlace(ctx: Context, chainId: string): Promise<{ chains: number; place: number } | null> {
  const { rows } = await sql<{ chains: number; place: number | null }>`
    WITH jobs AS (
      SELECT split_part(singleton_key, ':', 1) AS chain, row_number() OVER (ORDER BY state = 'active' DESC, priority DESC, created_on) AS n
      FROM pgboss.job WHERE name IN ('check-segment', 'join-chain') AND state IN ('created', 'retry', 'active') AND singleton_key IS NOT NULL
    ), waiting AS (SELECT chain, min(n) AS n FROM jobs GROUP BY chain)
    SELECT count(*)::int AS chains, (SELECT count(*)::int FROM waiting w WHERE w.n <= (SELECT n FROM waiting WHERE chain = ${chainId})) AS place FROM waiting`.execute(
    ctx.db,
  );
  const [row] = rows;
  return row?.place ? { chains: row.chains, place: row.place } : null;
}
