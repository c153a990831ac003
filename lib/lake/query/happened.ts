import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { lakeInstant } from '../time';
import { EVENTS, IN_PERIOD, type Limits, periodParameters, select } from './events';

type Value = { value: string; count: number };
export type Happened = {
  /** `at` is the beginning of the step in Unix seconds. */
  steps: { at: number; decision: Decision; records: number }[];
  /** Of the time before the period. */
  earlier: { decision: Decision; records: number }[];
  /** Those of most records. */
  agents: Value[];
  tools: Value[];
};
type Row = { set: 'time' | 'agent' | 'tool'; at: number; decision: Decision; value: string; records: number };

/** A page that waits longer is not waited for. */
const LIMITS: Limits = { max_execution_time: 120, timeout_overflow_mode: 'throw', max_memory_usage: '4000000000' };
/** Where the time before the period is counted. */
const EARLIER = -1;

/** What happened in a period and in the time from `before` to it, in one pass over its records: by decision and step, and who and what most are of. */
export async function happenedIn(
  ctx: Context,
  { period, before, stepSeconds, most }: { period: Period; before: string; stepSeconds: number; most: number },
): Promise<Happened> {
  const isNow = `recorded_at >= {now: DateTime64(6, 'UTC')}`;
  const rows = await select<Row>(
    ctx,
    `SELECT set, at, decision, value, records FROM (
      SELECT multiIf(grouping(agent) = 0, 'agent', grouping(tool) = 0, 'tool', 'time') AS set, at, decision,
        multiIf(set = 'agent', agent, set = 'tool', tool, '') AS value,
        if(set = 'time', count(), countIf(at != ${EARLIER})) AS records,
        row_number() OVER (PARTITION BY set ORDER BY records DESC, value) AS place
      FROM (
        SELECT toString(agent) AS agent, toString(tool) AS tool, toString(decision) AS decision,
          if(${isNow}, toInt64(intDiv(toUnixTimestamp(recorded_at), {step: UInt32}) * {step: UInt32}), toInt64(${EARLIER})) AS at
        FROM ${EVENTS} WHERE ${IN_PERIOD})
      GROUP BY GROUPING SETS ((at, decision), (agent), (tool)))
    WHERE set = 'time' OR place <= {most: UInt32} + 1`,
    {
      ...periodParameters({ from: before, to: period.to }),
      now: lakeInstant(period.from),
      step: stepSeconds,
      most,
    },
    { limits: LIMITS },
  );
  const values = (set: Row['set']): Value[] =>
    rows
      .filter((row) => row.set === set && row.value !== '' && row.records > 0)
      .map(({ value, records }) => ({ value, count: records }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, most);
  const timed = rows.filter(({ set }) => set === 'time');
  return {
    steps: timed.filter(({ at }) => at !== EARLIER),
    earlier: timed.filter(({ at }) => at === EARLIER),
    agents: values('agent'),
    tools: values('tool'),
  };
}
