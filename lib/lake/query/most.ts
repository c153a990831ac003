import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { EVENTS, IN_PERIOD, periodParameters, select } from './events';

/** The tools called most in a period, by decision. */
export async function toolsByDecision(
  ctx: Context,
  period: Period,
  most: number,
): Promise<{ tool: string; decision: Decision; records: number }[]> {
  return select(
    ctx,
    `SELECT tool, decision, records FROM (
      SELECT tool, decision, records, dense_rank() OVER (ORDER BY total DESC, tool) AS place FROM (
        SELECT tool, decision, count() AS records, sum(records) OVER (PARTITION BY tool) AS total
        FROM ${EVENTS} WHERE ${IN_PERIOD} AND tool != '' GROUP BY tool, decision))
      WHERE place <= {most: UInt32}`,
    { ...periodParameters(period), most },
  );
}

export type Denied = {
  recordedAt: string;
  chainId: string;
  ordinal: number;
  agent: string;
  tool: string;
  target: string;
  reason: string;
};

/** The newest denials of a period. */
export async function newestDenials(ctx: Context, period: Period, most: number): Promise<Denied[]> {
  return select(
    ctx,
    // which they are is found without what they say
    `SELECT recorded_at AS recordedAt, chain_id AS chainId, ordinal, agent, tool, target, reason FROM ${EVENTS}
      WHERE (chain_id, recorded_at, ordinal) IN (
        SELECT chain_id, recorded_at, ordinal FROM ${EVENTS} WHERE decision = 'deny' AND ${IN_PERIOD}
        ORDER BY recorded_at DESC, chain_id, ordinal LIMIT {most: UInt32})
      ORDER BY recorded_at DESC, chain_id, ordinal LIMIT {most: UInt32}`,
    { ...periodParameters(period), most },
  );
}
