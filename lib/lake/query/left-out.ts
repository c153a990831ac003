import 'server-only';
import { TupleParam } from '@clickhouse/client';
import type { Context } from '../../context';
import { type Params, predicateSql } from '../../core/rules/predicate-sql';
import type { Predicate } from '../../core/rules/rule';
import { lakeInstant } from '../time';
import { EVENTS, select } from './events';

/** Records asked for at once. */
const MOST = 5_000;

type Place = { chainId: string; ordinal: number; recordedAt: string };

/** How many of some records are not what a predicate describes; one that the lake lacks is not counted. */
export async function countLeftOut(
  ctx: Pick<Context, 'lake'>,
  keeps: Predicate,
  groups: ReadonlyMap<string, readonly Place[]>,
): Promise<Map<string, number>> {
  const asked = [...groups].flatMap(([group, places]) => places.map((place) => ({ group, place })));
  const counts = new Map<string, number>();
  for (let at = 0; at < asked.length; at += MOST) {
    const part = asked.slice(at, at + MOST);
    const params: Params = {};
    const kept = predicateSql(keeps, params);
    const rows = await select<{ chainId: string; ordinal: number }>(
      ctx,
      `SELECT toString(chain_id) AS chainId, ordinal FROM ${EVENTS}
        WHERE (chain_id, recorded_at, ordinal) IN {places: Array(Tuple(UUID, DateTime64(6, 'UTC'), UInt64))} AND NOT (${kept})`,
      {
        ...params,
        places: part.map(
          ({ place: { chainId, recordedAt, ordinal } }) => new TupleParam([chainId, lakeInstant(recordedAt), ordinal]),
        ),
      },
    );
    const leftOut = new Set(rows.map(({ chainId, ordinal }) => `${chainId} ${ordinal}`));
    for (const { group, place } of part)
      if (leftOut.has(`${place.chainId} ${place.ordinal}`)) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}
