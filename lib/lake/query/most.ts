import 'server-only';
import type { Context } from '../../context';
import type { Period } from '../../schemas/common';
import { EVENTS, IN_PERIOD, periodParameters, select } from './events';

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
