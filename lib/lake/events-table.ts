import { COLUMNS, type ColumnType } from '../core/event/fields';
import { WORDS_SQL } from '../core/search/sql';

const LAKE_TYPE: Readonly<Record<ColumnType, string>> = {
  uuid: 'UUID',
  position: 'UInt64 CODEC(Delta, ZSTD)',
  sequence: 'Nullable(UInt64)',
  text: 'String',
  word: 'LowCardinality(String)',
  decision: 'LowCardinality(String)',
  time: `DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD)`,
  count32: 'UInt32',
  count53: 'UInt64',
  amount: 'Float64',
};

/** Made by the lake itself; no SELECT of all columns gives it. */
const IS_CLOSED = `is_closed UInt8 MATERIALIZED segment_digest != ''`;

/** A column as it is declared. */
function columnDdl({ name, type }: { name: string; type: ColumnType }): string {
  return `${name} ${LAKE_TYPE[type]}`;
}

/**
 * What follows the name of the table of events where it is made: typed columns of the one list, everything in it rebuilt from evidence when it has to be. Sorted for scans by
 * chain and time; the ordinal makes the key unique, so a row loaded twice merges into one: into that of the closed segment where one of the open
 * segment came after it, late from a process that was stopped or killed. `recorded_at` is 1970-01-01 where the record states no time.
 */
export function eventsTable(engine: 'ReplacingMergeTree' | 'ReplicatedReplacingMergeTree'): string {
  return `(
    ${COLUMNS.map(columnDdl).join(',\n    ')},
    ${IS_CLOSED},
    INDEX by_ordinal ordinal TYPE minmax GRANULARITY 1,
    INDEX by_time recorded_at TYPE minmax GRANULARITY 1,
    INDEX words ${WORDS_SQL} TYPE text(tokenizer = splitByNonAlpha)
  )
  ENGINE = ${engine}(is_closed)
  PARTITION BY toYear(recorded_at)
  ORDER BY (chain_id, recorded_at, ordinal)`;
}
