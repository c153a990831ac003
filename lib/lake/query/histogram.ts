import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { EVENTS, IN_PERIOD, periodParameters, select } from './events';

/** Records of a period by decision and step; `at` is the beginning of the step in Unix seconds. */
export async function decisionsOverTime(
  ctx: Context,
  period: Period,
  stepSeconds: number,
): Promise<{ at: number; decision: Decision; records: number }[]> {
  return select(
    ctx,
    `SELECT intDiv(toUnixTimestamp(recorded_at), {step: UInt32}) * {step: UInt32} AS at, decision, count() AS records
      FROM ${EVENTS} WHERE ${IN_PERIOD} GROUP BY at, decision`,
    { step: stepSeconds, ...periodParameters(period) },
  );
}
