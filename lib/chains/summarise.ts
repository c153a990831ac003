import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { summarySentence } from '../core/chain/summary';
import type { LogSummary } from '../schemas/chains';
import type { ChainRow } from './chain-rows';

/** Shorter gaps in time are not reported. */
export const REPORTED_GAP_SECONDS = 3600;

/** Records of the chain's checked segments whose hash covers their content. */
export async function countValid(ctx: Context, chain: Pick<ChainRow, 'id' | 'format'>): Promise<number> {
  const { valid } = await ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('segment_checks as k', (join) =>
      join.onRef('k.digest', '=', 's.digest').on('k.format', '=', chain.format),
    )
    .where('s.chain_id', '=', chain.id)
    .select(sql<number>`coalesce(sum((k.result->>'validRecords')::bigint), 0)::bigint`.as('valid'))
    .executeTakeFirstOrThrow();
  return valid;
}

/** The same of a chain that grows: its tail has the check of all of it. */
async function countValidGrowing(ctx: Context, chainId: string): Promise<number> {
  const { valid } = await ctx.db
    .selectFrom('tails')
    .where('chain_id', '=', chainId)
    .select(sql<number>`(result->>'validRecords')::bigint`.as('valid'))
    .executeTakeFirstOrThrow();
  return valid;
}

/** The log as a whole, of what is checked so far. */
export async function summarise(ctx: Context, chain: ChainRow): Promise<LogSummary> {
  const valid = chain.tail_end === null ? await countValid(ctx, chain) : await countValidGrowing(ctx, chain.id);
  const isJoined = chain.verified_generation === chain.generation;
  const gaps = isJoined ? (chain.time_gaps?.filter(({ seconds }) => seconds >= REPORTED_GAP_SECONDS) ?? null) : null;
  const [timeSteps, untimed] = isJoined ? [chain.time_steps, chain.untimed] : [null, null];
  const { records, first_recorded_at: from, last_recorded_at: to } = chain;
  return {
    range: from && to ? { from, to } : null,
    records: { valid, total: records },
    gaps,
    timeSteps,
    untimed,
    sentence: summarySentence({
      records,
      validRecords: valid,
      firstRecordedAt: from,
      lastRecordedAt: to,
      timeGaps: gaps,
      timeSteps,
      untimed,
    }),
  };
}
