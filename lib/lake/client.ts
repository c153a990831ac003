import 'server-only';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { LakeCluster } from './layout';

/** On a cluster what was written is there for whoever reads after, whichever replica answers. */
const ON_CLUSTER = {
  distributed_foreground_insert: 1,
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  select_sequential_consistency: '1',
} as const;

/** A client of the event lake: the embedded engine or any ClickHouse server, told apart by nothing but the URL, or a cluster of them. */
export function openLake(clickhouseUrl: string, cluster: LakeCluster = null): ClickHouseClient {
  return createClient({
    url: clickhouseUrl,
    application: 'sealtrail',
    max_open_connections: 16,
    request_timeout: 120_000,
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    clickhouse_settings: {
      date_time_output_format: 'iso',
      output_format_json_quote_64bit_integers: 0,
      max_partitions_per_insert_block: '1000',
      // What stands twice has one key, and the key one partition.
      do_not_merge_across_partitions_select_final: 1,
      ...(cluster !== null && ON_CLUSTER),
    },
    // What matters reaches the caller as an error.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
