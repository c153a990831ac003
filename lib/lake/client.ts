import 'server-only';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';

/** A client of the event lake: the embedded engine or any ClickHouse server, told apart by nothing but the URL. */
export function openLake(clickhouseUrl: string): ClickHouseClient {
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
    },
    // What matters reaches the caller as an error.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
