import 'server-only';
import type { Context } from '../../context';
import { instant } from '../time';
import { EVENTS, IN_PERIOD, IS_OF_FLEET, IS_TIMED, periodParameters, select } from './events';

/** First and last time that records of guardrails state, or those of all there is; null when none states one. */
export async function recordedBetween(
  ctx: Context,
  of: 'fleet' | 'all' = 'fleet',
): Promise<{ first: Date; last: Date } | null> {
  const [row] = await select<{ first: string; last: string; records: number }>(
    ctx,
    `SELECT toString(min(recorded_at)) AS first, toString(max(recorded_at)) AS last, count() AS records FROM ${EVENTS} WHERE ${of === 'fleet' ? `${IS_OF_FLEET} AND ` : ''}${IS_TIMED}`,
  );
  return row && row.records > 0 ? { first: instant(row.first), last: instant(row.last) } : null;
}

/** Records of all chains of guardrails that state a time in `[from, to)`. */
export async function recordsBetween(
  ctx: Pick<Context, 'lake'>,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  const [row] = await select<{ records: number }>(
    ctx,
    `SELECT count() AS records FROM ${EVENTS} WHERE ${IS_OF_FLEET} AND ${IN_PERIOD}`,
    periodParameters({ from: from.toISOString(), to: to.toISOString() }),
  );
  return row?.records ?? 0;
}
