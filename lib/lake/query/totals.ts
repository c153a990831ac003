import 'server-only';
import type { Context } from '../../context';
import { instant } from '../time';
import { EVENTS, IS_TIMED, select } from './events';

/** First and last time that records state; null when none states one. */
export async function recordedBetween(ctx: Context): Promise<{ first: Date; last: Date } | null> {
  const [row] = await select<{ first: string; last: string; records: number }>(
    ctx,
    `SELECT toString(min(recorded_at)) AS first, toString(max(recorded_at)) AS last, count() AS records FROM ${EVENTS} WHERE ${IS_TIMED}`,
  );
  return row && row.records > 0 ? { first: instant(row.first), last: instant(row.last) } : null;
}
