import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { summarySentence } from '../core/chain/summary';
import type { LogSummary } from '../schemas/chains';
import type { ChainRow } from './chain-rows';

/** The log as a whole, of what is checked and loaded so far. */
export async function summarise(ctx: Context, chain: ChainRow): Promise<LogSummary> {
  const { valid } = await ctx.db
    .selectFrom('chain_segments as s')
    .innerJoin('segment_checks as k', (join) => join.onRef('k.digest', '=', 's.digest').on('k.format', '=', chain.format))
    .where('s.chain_id', '=', chain.id)
    .select(sql<number>`coalesce(sum((k.result->>'validRecords')::bigint), 0)::bigint`.as('valid'))
    .executeTakeFirstOrThrow();
  const gaps = chain.loaded_generation === chain.generation ? chain.silences : null;
  const { records, first_recorded_at: from, last_recorded_at: to } = chain;
  return {
    range: from && to ? { from, to } : null,
    records: { valid, total: records },
    gaps,
    sentence: summarySentence({ records, validRecords: valid, firstRecordedAt: from, lastRecordedAt: to, silences: gaps }),
  };
}
