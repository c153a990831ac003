import 'server-only';
import { type Kysely, sql } from 'kysely';
import { OWN_CHAIN } from '../core/own-chain';
import type { Database } from '../db/schema';
import type { JobKind } from '../queue/kinds';
import type { WaitingStage } from '../schemas/chains';

/** The jobs of each stage. */
export const STAGE_KINDS: Record<WaitingStage, readonly JobKind[]> = {
  check: ['check-segment', 'join-chain'],
  load: ['load-chain', 'load-tail'],
  detect: ['detect-chain', 'detect-tail'],
  attest: ['attest-chain'],
};
const STAGES = Object.keys(STAGE_KINDS) as WaitingStage[]; // keys of a literal we own
/** Jobs that are not done; their keys begin with the id of their chain. */
const WAITS = sql`state IN ('created', 'retry', 'active') AND singleton_key IS NOT NULL`;
const CHAIN = sql<string>`split_part(singleton_key, ':', 1)`;

/** Ids of chains that wait for one of the stages. */
export function chainsWaiting(stages: readonly WaitingStage[]) {
  return sql<string>`(SELECT ${CHAIN}::uuid FROM ${sql.table('pgboss.job')} WHERE name = ANY(${stages.flatMap((stage) => STAGE_KINDS[stage])}) AND ${WAITS})`;
}

/** How many chains wait for each stage, and for how long the first of them; stages none waits for are left out. */
export async function waitingByStage(
  db: Kysely<Database>,
): Promise<{ stage: WaitingStage; chains: number; oldestSeconds: number }[]> {
  const { rows } = await sql<{ stage: WaitingStage; chains: number; oldest: number }>`
    SELECT stage, count(DISTINCT ${CHAIN})::int AS chains,
      coalesce(extract(epoch FROM now() - min(created_on)), 0)::int AS oldest
    FROM ${sql.table('pgboss.job')} JOIN (VALUES ${sql.join(STAGES.flatMap((stage) => STAGE_KINDS[stage].map((kind) => sql`(${kind}, ${stage})`)))}) AS kinds(kind, stage) ON kind = name
    WHERE ${WAITS} AND ${CHAIN} <> ${OWN_CHAIN.id} GROUP BY stage`.execute(db);
  return STAGES.flatMap((stage) =>
    rows
      .filter((row) => row.stage === stage)
      .map(({ chains, oldest }) => ({ stage, chains, oldestSeconds: Math.max(0, oldest) })),
  );
}
