import type { LakeCluster } from '../layout';

/**
 * What is counted of a day of one partition of `events`, by what is asked for: `day` itself, `step` of a quarter of an hour and decision, `agent`,
 * `tool` and decision, `segment` of a chain, `refused` target, and `denial`, one of the newest of the day, whose `at` is in microseconds. Rows with one `id` were counted together, and are all there once `figured_partitions` names it.
 */
const FIGURES = `CREATE TABLE IF NOT EXISTS figures (
    id UUID,
    made_at DateTime64(3, 'UTC'),
    day Date32,
    set LowCardinality(String),
    at Int64,
    decision LowCardinality(String),
    value String,
    chain_id UUID,
    digest String,
    ordinal UInt64,
    records UInt64,
    denied UInt64,
    secret_events UInt64,
    requests UInt64,
    requests_denied UInt64,
    files_accessed UInt64,
    files_denied UInt64,
    secrets UInt64,
    first DateTime64(6, 'UTC'),
    last DateTime64(6, 'UTC'),
    cost AggregateFunction(sumKahan, Float64),
    sessions AggregateFunction(uniqExact, String),
    agents AggregateFunction(uniqExact, String),
    request_sessions AggregateFunction(uniqExact, String)
  )
  ENGINE = MergeTree
  ORDER BY (id, set, day)
  SETTINGS index_granularity = 256`;

/** What a table of before lacks. */
const LATER = `ALTER TABLE figures
    ADD COLUMN IF NOT EXISTS secret_events UInt64 AFTER denied,
    ADD COLUMN IF NOT EXISTS requests UInt64 AFTER secret_events,
    ADD COLUMN IF NOT EXISTS requests_denied UInt64 AFTER requests,
    ADD COLUMN IF NOT EXISTS files_accessed UInt64 AFTER requests_denied,
    ADD COLUMN IF NOT EXISTS files_denied UInt64 AFTER files_accessed,
    ADD COLUMN IF NOT EXISTS first DateTime64(6, 'UTC') AFTER secrets,
    ADD COLUMN IF NOT EXISTS last DateTime64(6, 'UTC') AFTER first,
    ADD COLUMN IF NOT EXISTS request_sessions AggregateFunction(uniqExact, String) AFTER agents`;

/** Which partition of `events`, and in which state, the figures with an `id` are of. */
const FIGURED = `CREATE TABLE IF NOT EXISTS figured_partitions (
    partition_id String,
    state String,
    id UUID,
    made_at DateTime64(3, 'UTC')
  )
  ENGINE = MergeTree
  ORDER BY (partition_id, state)`;

/** Steps of the figures by time: what is asked for in multiples of it is summed up from them. */
export const FIGURE_STEP_SECONDS = 900;

/** So many denials of each day are named. */
export const FIGURE_DENIALS = 50;

/** Statements that make the tables of figures, unless they are there. A cluster has none: what lies on its nodes has no one state. */
export function createFigures(cluster: LakeCluster): string[] {
  return cluster === null ? [FIGURES, LATER, FIGURED] : [];
}
