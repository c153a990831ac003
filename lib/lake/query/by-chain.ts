import 'server-only';
import type { Context } from '../../context';
import type { Period } from '../../schemas/common';
import { briefInstant, instant } from '../time';
import {
  EVENTS,
  IN_PERIOD,
  IS_OF_FLEET,
  IS_TIMED,
  IS_UNTIMED,
  type Range,
  inRange,
  periodParameters,
  rangeParameters,
  select,
} from './events';
import { EVERY_RECORD } from '../../core/search/record-scope';
import { inScope } from './scope';

/** Records that state no time a period could hold, and the chains that have most of them. */
export async function untimedRecords(
  ctx: Context,
  most: number,
  scope = EVERY_RECORD,
): Promise<{ records: number; chains: number; most: { chainId: string; records: number }[] }> {
  const { condition, parameters } = inScope(scope);
  const rows = await select<{ chainId: string; records: number; all: number; chains: number }>(
    ctx,
    `SELECT toString(chain_id) AS chainId, count() AS records, sum(records) OVER () AS all, count() OVER () AS chains
      FROM ${EVENTS} WHERE ${IS_OF_FLEET} AND ${IS_UNTIMED} AND ${condition} GROUP BY chain_id ORDER BY records DESC, chainId LIMIT {most: UInt32}`,
    { most, ...parameters },
  );
  return {
    records: rows[0]?.all ?? 0,
    chains: rows[0]?.chains ?? 0,
    most: rows.map(({ chainId, records }) => ({ chainId, records })),
  };
}

export type Counted = { total: number; hashed: number; found: { from: string; to: string } };

/** Records of these chains in a range, those of them that carry a hash, and the first and last time they state; a chain without any is left out. */
export async function countsInRange(
  ctx: Context,
  chainIds: readonly string[],
  range: Range,
): Promise<Map<string, Counted>> {
  if (chainIds.length === 0) return new Map();
  const rows = await select<{ chain: string; total: number; hashed: number; first: string; last: string }>(
    ctx,
    `SELECT toString(chain_id) AS chain, count() AS total, countIf(hash != '') AS hashed, min(recorded_at) AS first, max(recorded_at) AS last
      FROM ${EVENTS} WHERE chain_id IN {ids: Array(UUID)} AND ${inRange(range)} GROUP BY chain_id`,
    { ids: chainIds, ...rangeParameters(range) },
  );
  return new Map(
    rows.map(({ chain, total, hashed, first, last }) => [
      chain,
      { total, hashed, found: { from: briefInstant(first), to: briefInstant(last) } },
    ]),
  );
}

/** Which of these records state a time in the range, as `chain ordinal`. */
export async function recordsInRange(
  ctx: Context,
  records: readonly (readonly [chainId: string, ordinal: number])[],
  range: Range,
): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const rows = await select<{ chain: string; ordinal: number }>(
    ctx,
    `SELECT toString(chain_id) AS chain, ordinal FROM ${EVENTS}
      WHERE ${inRange(range)} AND chain_id IN {ids: Array(UUID)} AND ordinal IN {ordinals: Array(UInt64)}`,
    {
      ids: [...new Set(records.map(([chainId]) => chainId))],
      ordinals: [...new Set(records.map(([, ordinal]) => ordinal))],
      ...rangeParameters(range),
    },
  );
  return new Set(rows.map(({ chain, ordinal }) => `${chain} ${ordinal}`));
}

/** The time that records of each chain span from one of them on, to the millisecond, both ends in; a chain whose records state none is left out. */
export async function spansFrom(
  ctx: Context,
  chains: readonly { chainId: string; ordinal: number }[],
): Promise<Map<string, { first: Date; last: Date }>> {
  if (chains.length === 0) return new Map();
  const rows = await select<{ chain: string; first: string; last: string }>(
    ctx,
    `SELECT toString(chain_id) AS chain, toString(min(recorded_at)) AS first, toString(max(recorded_at)) AS last
      FROM ${EVENTS} WHERE chain_id IN {ids: Array(UUID)} AND ${IS_TIMED}
        AND ordinal >= {ordinals: Array(UInt64)}[indexOf({ids: Array(UUID)}, chain_id)]
      GROUP BY chain_id`,
    { ids: chains.map(({ chainId }) => chainId), ordinals: chains.map(({ ordinal }) => ordinal) },
  );
  return new Map(rows.map(({ chain, first, last }) => [chain, { first: instant(first), last: instant(last) }]));
}

/** Of records in closed segments, by chain: first and last, and how many, in a period; at most `limit` chains, of all or of these. */
export async function closedInPeriod(
  ctx: Context,
  period: Period,
  chainIds: readonly string[] | null,
  limit: number,
): Promise<{ chainId: string; first: number; last: number; count: number }[]> {
  return select(
    ctx,
    `SELECT chain_id AS chainId, min(ordinal) AS first, max(ordinal) AS last, count() AS count FROM ${EVENTS}
      WHERE ${chainIds ? '' : `${IS_OF_FLEET} AND `}${IN_PERIOD} AND segment_digest != '' AND ({all: UInt8} = 1 OR has({chainIds: Array(UUID)}, chain_id))
      GROUP BY chain_id ORDER BY chain_id LIMIT {limit: UInt32}`,
    { ...periodParameters(period), all: chainIds ? 0 : 1, chainIds: chainIds ?? [], limit },
  );
}
