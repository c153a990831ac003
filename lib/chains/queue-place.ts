import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { JobKind } from '../queue/kinds';
import type { ChainDetail, WaitingStage } from '../schemas/chains';
import { STAGE_KINDS } from './waiting';

/** The time over which is counted how fast chains are done with; less when the first of them came later. */
const PACE_SECONDS = 120;
/** The job after which a stage is done with a chain. */
const LAST: Record<WaitingStage, JobKind> = {
  check: 'join-chain',
  load: 'load-chain',
  detect: 'detect-chain',
  attest: 'attest-chain',
};

/** How many chains wait for a stage, which of them this one is, from 1 on, and in how many seconds it is reached; null when it does not wait. */
export async function queuePlace(ctx: Context, chainId: string, stage: WaitingStage): Promise<ChainDetail['queue']> {
  const { rows } = await sql<{ chains: number; place: number | null; done: number; seconds: number }>`
    WITH jobs AS (
      SELECT split_part(singleton_key, ':', 1) AS chain, row_number() OVER (ORDER BY state = 'active' DESC, priority DESC, created_on) AS n
      FROM ${sql.table('pgboss.job')} WHERE name = ANY(${STAGE_KINDS[stage]}) AND state IN ('created', 'retry', 'active') AND singleton_key IS NOT NULL
    ), waiting AS (SELECT chain, min(n) AS n FROM jobs GROUP BY chain
    ), pace AS (
      SELECT count(*)::int AS done, least(${PACE_SECONDS}, coalesce(extract(epoch FROM now() - min(created_on)), 0))::float8 AS seconds
      FROM ${sql.table('pgboss.job')} WHERE name = ${LAST[stage]} AND state = 'completed' AND completed_on > now() - make_interval(secs => ${PACE_SECONDS})
    )
    SELECT pace.*, (SELECT count(*)::int FROM waiting) AS chains,
      (SELECT count(*)::int FROM waiting w WHERE w.n <= (SELECT n FROM waiting WHERE chain = ${chainId})) AS place FROM pace`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (!row?.place) return null;
  const { chains, place, done, seconds } = row;
  return { stage, chains, place, seconds: done === 0 ? null : Math.ceil((place * seconds) / done) };
}
