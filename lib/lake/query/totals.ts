import 'server-only';
import type { Context } from '../../context';
import type { Period } from '../../schemas/common';
import { instant } from '../time';
import { COST_USD, EVENTS, IN_PERIOD, IS_TIMED, periodParameters, select } from './events';

export type Totals = {
  records: number;
  sessions: number;
  agents: number;
  denied: number;
  secretsRedacted: number;
  costUsd: number;
};

/** Totals of a period over all chains. */
export async function periodTotals(ctx: Context, period: Period): Promise<Totals> {
  const [row] = await select<Totals>(
    ctx,
    `SELECT count() AS records, uniqExactIf(session_id, session_id != '') AS sessions, uniqExactIf(agent, agent != '') AS agents,
        countIf(decision = 'deny') AS denied, sum(secrets_redacted) AS secretsRedacted, ${COST_USD} AS costUsd
      FROM ${EVENTS} WHERE ${IN_PERIOD}`,
    periodParameters(period),
  );
  return row ?? { records: 0, sessions: 0, agents: 0, denied: 0, secretsRedacted: 0, costUsd: 0 };
}

/** First and last time that records state; null when none states one. */
export async function recordedBetween(ctx: Context): Promise<{ first: Date; last: Date } | null> {
  const [row] = await select<{ first: string; last: string; records: number }>(
    ctx,
    `SELECT toString(min(recorded_at)) AS first, toString(max(recorded_at)) AS last, count() AS records FROM ${EVENTS} WHERE ${IS_TIMED}`,
  );
  return row && row.records > 0 ? { first: instant(row.first), last: instant(row.last) } : null;
}
