import 'server-only';
import type { Context } from '../../context';
import type { Decision } from '../../core/event/fields';
import type { Period } from '../../schemas/common';
import { type PartsOfPeriod, partsOfPeriod } from '../figures/parts-of-period';
import { FIGURE_STEP_SECONDS } from '../figures/table';
import { EVENTS, type Limits, select } from './events';
import { inParts } from './figures';
import { figuredPartitions } from './partitions';

type Value = { value: string; count: number };
export type Happened = {
  /** `at` is the beginning of the step in Unix seconds. */
  steps: { at: number; decision: Decision; records: number }[];
  /** Of the time before the period. */
  earlier: { decision: Decision; records: number }[];
  /** Those of most records. */
  agents: Value[];
  tools: Value[];
  /** What most of those records name that were refused. */
  deniedTargets: Value[];
};
type Set = 'step' | 'agent' | 'tool' | 'refused';
type Row = { set: Set; at: number; decision: Decision; value: string; records: number };

/** A page that waits longer is not waited for. */
const LIMITS: Limits = { max_execution_time: 120, timeout_overflow_mode: 'throw', max_memory_usage: '4000000000' };

/**
 * What happened in a period, by decision and step, and who and what most is of; and by decision in the time from `before` to it. Days of which there
 * are figures are summed up from them, and of all other time the records are gone through, once.
 */
export async function happenedIn(
  ctx: Pick<Context, 'lake' | 'env'>,
  { period, before, stepSeconds, most }: { period: Period; before: string; stepSeconds: number; most: number },
): Promise<Happened> {
  const figured = await figuredPartitions(ctx);
  const parts = partsOfPeriod(period, stepSeconds % FIGURE_STEP_SECONDS === 0 ? figured : []);
  const [rows, earlier] = await Promise.all([
    setsOf(ctx, parts, { stepSeconds, most }),
    decisionsIn(ctx, partsOfPeriod({ from: before, to: period.from }, figured)),
  ]);
  const values = (set: Set): Value[] =>
    rows
      .filter((row) => row.set === set && row.value !== '')
      .map(({ value, records }) => ({ value, count: records }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, most);
  return {
    steps: rows.filter(({ set }) => set === 'step'),
    earlier,
    agents: values('agent'),
    tools: values('tool'),
    deniedTargets: values('refused'),
  };
}

async function setsOf(
  ctx: Pick<Context, 'lake'>,
  parts: PartsOfPeriod,
  { stepSeconds, most }: { stepSeconds: number; most: number },
): Promise<Row[]> {
  const { figures, records, parameters } = inParts(parts);
  const step = `intDiv(at, {step: Int64}) * {step: Int64}`;
  return select<Row>(
    ctx,
    `SELECT set, at, decision, value, records FROM (
      SELECT set, at, decision, value, sum(counted) AS records, row_number() OVER (PARTITION BY set ORDER BY sum(counted) DESC, value) AS place
      FROM (
        SELECT toString(set) AS set, ${step} AS at, if(set = 'step', toString(decision), '') AS decision, value, records AS counted
        FROM figures WHERE ${figures} AND set IN ('step', 'agent', 'tool', 'refused')
        UNION ALL
        SELECT multiIf(grouping(agent) = 0, 'agent', grouping(tool) = 0, 'tool', grouping(refused) = 0, 'refused', 'step') AS set, at, decision,
          concat(agent, tool, refused) AS value, count() AS counted
        FROM (
          SELECT ${step} AS at, decision, agent, tool, refused FROM (
            SELECT toUnixTimestamp64Second(recorded_at) AS at, toString(decision) AS decision, toString(agent) AS agent, toString(tool) AS tool,
              if(decision = 'deny', target, '') AS refused
            FROM ${EVENTS} WHERE ${records}))
        GROUP BY GROUPING SETS ((at, decision), (agent), (tool), (refused)))
      WHERE set = 'step' OR value != ''
      GROUP BY set, at, decision, value)
    WHERE set = 'step' OR place <= {most: UInt32}`,
    { ...parameters, step: stepSeconds, most },
    { limits: LIMITS },
  );
}

async function decisionsIn(
  ctx: Pick<Context, 'lake'>,
  parts: PartsOfPeriod,
): Promise<{ decision: Decision; records: number }[]> {
  const { figures, records, parameters } = inParts(parts);
  return select(
    ctx,
    `SELECT decision, sum(counted) AS records FROM (
      SELECT toString(decision) AS decision, records AS counted FROM figures WHERE ${figures} AND set = 'step'
      UNION ALL SELECT toString(decision) AS decision, count() AS counted FROM ${EVENTS} WHERE ${records} GROUP BY decision)
    GROUP BY decision`,
    parameters,
    { limits: LIMITS },
  );
}
