import 'server-only';
import { TupleParam } from '@clickhouse/client';
import type { Context } from '../../context';
import type { Period } from '../../schemas/common';
import { partsOfPeriod } from '../figures/parts-of-period';
import { FIGURE_DENIALS } from '../figures/table';
import { EVENTS, select } from './events';
import { inParts } from './figures';
import { figuredPartitions } from './partitions';
import { EVERY_RECORD, isEveryRecord } from '../../core/search/record-scope';

export type Denied = {
  recordedAt: string;
  chainId: string;
  ordinal: number;
  agent: string;
  tool: string;
  target: string;
  reason: string;
};

/** The newest denials of a period. Days of which there are figures are not gone through. */
export async function newestDenials(
  ctx: Pick<Context, 'lake' | 'env'>,
  period: Period,
  most: number,
  scope = EVERY_RECORD,
): Promise<Denied[]> {
  const figured = most <= FIGURE_DENIALS && isEveryRecord(scope) ? await figuredPartitions(ctx) : [];
  const { figures, records, parameters } = inParts(partsOfPeriod(period, figured), scope);
  // Which they are is found without what they say.
  const places = await select<{ chainId: string; recordedAt: string; ordinal: number }>(
    ctx,
    `SELECT chain_id AS chainId, toString(recorded_at) AS recordedAt, ordinal FROM (
        SELECT chain_id, fromUnixTimestamp64Micro(at, 'UTC') AS recorded_at, ordinal FROM figures WHERE ${figures} AND set = 'denial'
        UNION ALL SELECT chain_id, recorded_at, ordinal FROM ${EVENTS} WHERE decision = 'deny' AND ${records})
      ORDER BY recorded_at DESC, chain_id, ordinal LIMIT {most: UInt32}`,
    { ...parameters, most },
  );
  if (places.length === 0) return [];
  return select(
    ctx,
    // the times alone say in which partitions they are
    `SELECT recorded_at AS recordedAt, chain_id AS chainId, ordinal, agent, tool, target, reason FROM ${EVENTS}
      WHERE recorded_at IN {times: Array(DateTime64(6, 'UTC'))} AND (chain_id, recorded_at, ordinal) IN {places: Array(Tuple(UUID, DateTime64(6, 'UTC'), UInt64))}
      ORDER BY recorded_at DESC, chain_id, ordinal`,
    {
      times: places.map(({ recordedAt }) => recordedAt),
      places: places.map(({ chainId, recordedAt, ordinal }) => new TupleParam([chainId, recordedAt, ordinal])),
    },
  );
}
