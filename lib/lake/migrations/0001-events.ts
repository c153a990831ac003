import type { LakeMigration } from './migration';

/** The table as it was before its versions were counted. */
export const firstEvents: LakeMigration = {
  id: '0001-events',
  kind: 'in-place',
  inPlace: (table) => [
    `CREATE TABLE IF NOT EXISTS ${table} (
    chain_id UUID,
    segment_index UInt32,
    segment_digest LowCardinality(String),
    ordinal UInt64 CODEC(Delta, ZSTD),
    line UInt64 CODEC(Delta, ZSTD),
    byte_offset UInt64 CODEC(Delta, ZSTD),
    byte_length UInt32,
    format LowCardinality(String),
    recorded_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD),
    kind LowCardinality(String),
    agent LowCardinality(String),
    session_id String,
    run_id String,
    tool LowCardinality(String),
    decision LowCardinality(String),
    reason String,
    policy LowCardinality(String),
    target String,
    protocol LowCardinality(String),
    model LowCardinality(String),
    secrets_redacted UInt32,
    input_tokens UInt64,
    output_tokens UInt64,
    cost_usd Float64,
    latency_ms UInt32,
    hash String,
    prev_hash String,
    sequence Nullable(UInt64),
    integrity LowCardinality(String),
    INDEX by_ordinal ordinal TYPE minmax GRANULARITY 1,
    INDEX by_time recorded_at TYPE minmax GRANULARITY 1
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toYear(recorded_at)
  ORDER BY (chain_id, recorded_at, ordinal)`,
  ],
};
