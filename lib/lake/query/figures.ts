import 'server-only';
import type { Context } from '../../context';
import type { PartsOfPeriod } from '../figures/parts-of-period';
import { FIGURE_DENIALS, FIGURE_STEP_SECONDS } from '../figures/table';
import { EVENTS, IS_OF_FLEET, IS_TIMED, type Parameters, inTimes, select } from './events';
import { EVERY_RECORD } from '../../core/search/record-scope';
import { inScope } from './scope';

const OF_PARTITION = `_partition_id = {partition: String} AND ${IS_OF_FLEET} AND ${IS_TIMED}`;

/** Counts of records in all, each with the condition by which a record is one of them; `report-check` counts by the same. */
const COUNTED = {
  denied: `decision = 'deny'`,
  secret_events: 'secrets_redacted > 0',
  requests: `kind = 'request'`,
  requests_denied: `decision = 'deny' AND kind IN ('request', 'limit_exceeded')`,
  files_accessed: `resource_class = 'path' AND kind != 'request' AND decision IN ('allow', 'local', 'transform')`,
  files_denied: `resource_class = 'path' AND kind != 'request' AND decision = 'deny'`,
} as const;
const COUNTS = ['denied', 'secret_events', 'requests', 'requests_denied', 'files_accessed', 'files_denied'] as const;

/** What is counted of records in all, as the columns of figures that hold it. */
export const IN_ALL = `count() AS records, ${COUNTS.map((name) => `countIf(${COUNTED[name]}) AS ${name}`).join(', ')},
  sum(secrets_redacted) AS secrets, min(recorded_at) AS first, max(recorded_at) AS last, sumKahanState(cost_usd) AS cost,
  uniqExactStateIf(session_id, session_id != '') AS sessions, uniqExactStateIf(toString(agent), agent != '') AS agents,
  uniqExactStateIf(session_id, session_id != '' AND kind = 'request') AS request_sessions`;
const SETS = ['sessions', 'agents', 'request_sessions'] as const;
export const IN_ALL_COLUMNS = ['records', ...COUNTS, 'secrets', 'first', 'last', 'cost', ...SETS] as const;

/** The same of several figures together, as a report names them. */
export const SUMMED = `sum(some.records) AS records, sum(some.denied) AS denied, sum(some.secrets) AS secretsRedacted, sum(some.secret_events) AS secretEvents,
  sum(some.requests) AS requests, sum(some.requests_denied) AS requestsDenied, sum(some.files_accessed) AS filesAccessed, sum(some.files_denied) AS filesDenied,
  uniqExactMerge(some.sessions) AS sessions, uniqExactMerge(some.agents) AS agents, uniqExactMerge(some.request_sessions) AS requestSessions,
  round(sumKahanMerge(some.cost), 9) AS costUsd, minIf(some.first, some.records > 0) AS first, maxIf(some.last, some.records > 0) AS last`;

/** Which figures, and which records, as conditions, and the parameters they take. Figures are of every record: a part of them is counted without. */
export function inParts(
  { figures, times }: PartsOfPeriod,
  scope = EVERY_RECORD,
): {
  figures: string;
  records: string;
  parameters: Parameters;
} {
  const { condition, parameters } = inTimes(times);
  const within = inScope(scope);
  return {
    figures: `id IN {ids: Array(UUID)} AND day >= {firstDay: Date32} AND day < {endDay: Date32}`,
    records: `${condition} AND ${within.condition}`,
    parameters: { ids: figures.ids, firstDay: figures.from, endDay: figures.to, ...parameters, ...within.parameters },
  };
}

/** What the statements below take. */
export function figureParameters(partition: string): Parameters {
  return { partition, step: FIGURE_STEP_SECONDS, most: FIGURE_DENIALS };
}

/** The days of a partition, with what is counted of each in all. */
export const DAYS_OF_PARTITION = `SELECT 'day' AS set, toDate32(recorded_at) AS day, ${IN_ALL} FROM ${EVENTS} WHERE ${OF_PARTITION} GROUP BY day`;

/** The same by what else is asked for. */
export const SETS_OF_PARTITION = `SELECT set, day, at, decision, value, chain_id, digest, records FROM (
    SELECT multiIf(grouping(agent) = 0, 'agent', grouping(tool) = 0, 'tool', grouping(chain_id) = 0, 'segment', 'step') AS set, day, at, decision,
      concat(agent, tool) AS value, chain_id, digest, count() AS records
    FROM (
      SELECT toDate32(recorded_at) AS day, intDiv(toUnixTimestamp64Second(recorded_at), {step: Int64}) * {step: Int64} AS at,
        toString(decision) AS decision, toString(agent) AS agent, toString(tool) AS tool, chain_id, toString(segment_digest) AS digest
      FROM ${EVENTS} WHERE ${OF_PARTITION})
    GROUP BY GROUPING SETS ((day, at, decision), (day, agent), (day, tool, decision), (day, chain_id, digest)))
  WHERE set IN ('step', 'segment') OR value != ''`;
export const SETS_COLUMNS = ['at', 'decision', 'value', 'chain_id', 'digest', 'records'] as const;

/** The newest denials of each day of a partition. */
export const DENIALS_OF_PARTITION = `SELECT 'denial' AS set, toDate32(recorded_at) AS day, toUnixTimestamp64Micro(recorded_at) AS at, chain_id, ordinal, toUInt64(1) AS records
  FROM ${EVENTS} WHERE ${OF_PARTITION} AND decision = 'deny' ORDER BY recorded_at DESC, chain_id, ordinal LIMIT {most: UInt32} BY day`;
export const DENIALS_COLUMNS = ['at', 'chain_id', 'ordinal', 'records'] as const;

/** What denials of each day of a partition are of. */
export const REFUSED_OF_PARTITION = `SELECT 'refused' AS set, toDate32(recorded_at) AS day, target AS value, count() AS records
  FROM ${EVENTS} WHERE ${OF_PARTITION} AND decision = 'deny' AND target != '' GROUP BY day, value`;
export const REFUSED_COLUMNS = ['value', 'records'] as const;

/** How many figures of those kept of a partition are not what its records give, are missing or are of nothing. */
export async function figuresThatDiffer(
  ctx: Pick<Context, 'lake'>,
  { partition, id }: { partition: string; id: string },
): Promise<number> {
  const parameters = { id, ...figureParameters(partition) };
  const differing = async (columns: readonly string[], of: string, counted: string, differs: string) => {
    const kept = columns.map((name) => (name === 'decision' ? 'toString(decision) AS decision' : name)).join(', ');
    const [row] = await select<{ figures: number }>(
      ctx,
      `SELECT count() AS figures FROM (
        SELECT 1 FROM (
          SELECT 1 AS isKept, toString(set) AS set, day, ${kept} FROM figures WHERE id = {id: UUID} AND ${of}
          UNION ALL SELECT 0 AS isKept, set, day, ${columns.join(', ')} FROM (${counted}))
        GROUP BY ${['set', 'day', ...columns.filter((name) => KEY.has(name))].join(', ')}
        HAVING countIf(isKept = 1) != 1 OR countIf(isKept = 0) != 1 OR ${differs})`,
      parameters,
    );
    return row?.figures ?? 0;
  };
  const apart = (name: string) => `sumIf(${name}, isKept = 1) != sumIf(${name}, isKept = 0)`;
  const others = (name: string) =>
    `uniqExactMerge(${name}) != uniqExactMergeIf(${name}, isKept = 1) OR uniqExactMerge(${name}) != uniqExactMergeIf(${name}, isKept = 0)`;
  const cost = (isKept: number) => `round(sumKahanMergeIf(cost, isKept = ${isKept}), 9)`;
  return (
    (await differing(
      IN_ALL_COLUMNS,
      `set = 'day'`,
      DAYS_OF_PARTITION,
      [
        ...['records', ...COUNTS, 'secrets', 'toUnixTimestamp64Micro(first)', 'toUnixTimestamp64Micro(last)'].map(
          apart,
        ),
        ...SETS.map(others),
        `${cost(1)} != ${cost(0)}`,
      ].join(' OR '),
    )) +
    (await differing(SETS_COLUMNS, `set NOT IN ('day', 'denial', 'refused')`, SETS_OF_PARTITION, apart('records'))) +
    (await differing(DENIALS_COLUMNS, `set = 'denial'`, DENIALS_OF_PARTITION, apart('records'))) +
    (await differing(REFUSED_COLUMNS, `set = 'refused'`, REFUSED_OF_PARTITION, apart('records')))
  );
}

/** Columns that say what a figure is of. */
const KEY: ReadonlySet<string> = new Set(['at', 'decision', 'value', 'chain_id', 'digest', 'ordinal']);
