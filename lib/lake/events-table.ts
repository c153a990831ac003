import { COLUMNS, type ColumnType } from '../core/event/fields';
import { WORDS_SQL } from '../core/search/sql';
import { TRAITS_SQL } from './traits';

const LAKE_TYPE: Readonly<Record<ColumnType, string>> = {
  uuid: 'UUID',
  position: 'UInt64 CODEC(Delta, LZ4)',
  sequence: 'Nullable(UInt64)',
  text: 'String',
  word: 'LowCardinality(String)',
  decision: 'LowCardinality(String)',
  time: `DateTime64(6, 'UTC') CODEC(T64, LZ4)`,
  count32: 'UInt32',
  count53: 'UInt64',
  amount: 'Float64',
};

/** Texts of which hardly two are alike: in the usual codec they would be most of the disk. */
const UNLIKE: ReadonlySet<string> = new Set(['run_id', 'extra', 'hash', 'prev_hash']);

/**
 * A function of the key, so that a record that stands twice does so in one partition. The weeks of years that agents have written in, and years before
 * and after, so that no log can spread over more than some hundreds.
 */
const PARTITION =
  'if(toYear(recorded_at) >= 2024 AND toYear(recorded_at) < 2036, toYearWeek(recorded_at, 3), toYear(recorded_at))';

/** Few rows between marks, because a page is of records of as many chains; and a partition that has rested for ten minutes becomes one part, in which nothing stands twice. */
const SETTINGS =
  'index_granularity = 1024, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1';

/** Made by the lake itself; no SELECT of all columns gives them. */
const MADE = [
  `is_closed UInt8 MATERIALIZED segment_digest != ''`,
  `traits LowCardinality(String) MATERIALIZED ${TRAITS_SQL}`,
];

/** A column as it is declared. */
function columnDdl({ name, type }: { name: string; type: ColumnType }): string {
  return `${name} ${LAKE_TYPE[type]}${UNLIKE.has(name) ? ' CODEC(ZSTD)' : ''}`;
}

/**
 * What follows the name of the table of events where it is made: typed columns of the one list, everything in it rebuilt from evidence when it has to be. Sorted for scans by
 * chain and time; the ordinal makes the key unique, so a row loaded twice merges into one: into that of the closed segment where one of the open
 * segment came after it, late from a process that was stopped or killed. `recorded_at` is 1970-01-01 where the record states no time.
 */
export function eventsTable(engine: 'ReplacingMergeTree' | 'ReplicatedReplacingMergeTree'): string {
  return `(
    ${COLUMNS.map(columnDdl).join(',\n    ')},
    ${MADE.join(',\n    ')},
    INDEX by_ordinal ordinal TYPE minmax GRANULARITY 1,
    INDEX by_time recorded_at TYPE minmax GRANULARITY 1,
    INDEX words ${WORDS_SQL} TYPE text(tokenizer = splitByNonAlpha)
  )
  ENGINE = ${engine}(is_closed)
  PARTITION BY ${PARTITION}
  ORDER BY (chain_id, recorded_at, ordinal)
  SETTINGS ${SETTINGS}`;
}
