import 'server-only';
import type { Context } from '../../context';
import { type Decision, DECISIONS } from '../../core/event/fields';
import type { RecordScope } from '../../core/search/record-scope';
import type { Period } from '../../schemas/common';
import { EVENTS, IN_PERIOD, type Limits, periodParameters, select } from './events';
import { inScope } from './scope';

const LIMITS: Limits = { max_execution_time: 600, timeout_overflow_mode: 'throw', max_memory_usage: '4000000000' };

type Used = {
  agent: string;
  model: string;
  tool: string;
  sessions: number;
  records: number;
  requests: number;
  inputTokens: number;
  outputTokens: number;
  /** Billionths of a dollar, in decimals. */
  costNano: string;
} & Record<Decision, number>;

/** Records of a period by agent, model and tool, each in the order of its bytes; the first `most` of them. */
export async function usedIn(
  ctx: Pick<Context, 'lake'>,
  { period, scope, most }: { period: Period; scope: RecordScope; most: number },
): Promise<Used[]> {
  const { condition, parameters } = inScope(scope);
  return select<Used>(
    ctx,
    `SELECT toString(agent) AS agent, toString(model) AS model, toString(tool) AS tool, count() AS records, countIf(kind = 'request') AS requests,
        ${DECISIONS.map((decision) => `countIf(decision = '${decision}') AS ${decision}`).join(', ')},
        sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
        toString(sum(toInt64(floor(cost_usd * 1e9 + 0.5)))) AS costNano, uniqExactIf(session_id, session_id != '') AS sessions
      FROM ${EVENTS} WHERE ${IN_PERIOD} AND ${condition} GROUP BY agent, model, tool ORDER BY agent, model, tool LIMIT {most: UInt32}`,
    { ...periodParameters(period), ...parameters, most },
    { limits: LIMITS },
  );
}

/** Distinct sessions of a period: in all, and of each agent, model and tool. */
export async function sessionsIn(
  ctx: Pick<Context, 'lake'>,
  { period, scope }: { period: Period; scope: RecordScope },
): Promise<{ set: 'all' | 'agent' | 'model' | 'tool'; value: string; sessions: number }[]> {
  const { condition, parameters } = inScope(scope);
  return select(
    ctx,
    `SELECT multiIf(grouping(agent) = 0, 'agent', grouping(model) = 0, 'model', grouping(tool) = 0, 'tool', 'all') AS set, concat(agent, model, tool) AS value,
        uniqExactIf(session, session != '') AS sessions
      FROM (SELECT toString(agent) AS agent, toString(model) AS model, toString(tool) AS tool, toString(session_id) AS session
        FROM ${EVENTS} WHERE ${IN_PERIOD} AND ${condition})
      GROUP BY GROUPING SETS ((agent), (model), (tool), ())`,
    { ...periodParameters(period), ...parameters },
    { limits: LIMITS },
  );
}
