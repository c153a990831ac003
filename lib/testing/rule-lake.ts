import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { COLUMNS } from '../core/event/fields';
import type { ExampleEvent } from '../core/rules/rule';
import { eventsTable } from '../lake/events-table';
import { type Databases, makeDatabases } from './databases';

export const CHAIN = '01890000-0000-7000-8000-000000000001';
export const OTHER_CHAIN = '01890000-0000-7000-8000-000000000002';
const DIGEST = 'd'.repeat(64);
export const TABLE = 'rule_events';
const NAMES: ReadonlySet<string> = new Set(COLUMNS.map(({ name }) => name));

/** A lake with a table of events, for rules that are held against it. */
export type RuleLake = {
  client: ClickHouseClient;
  /** Makes these all there is. A record's ordinal is its place in the list unless it says one; its hash is made of that. */
  load: (events: readonly LakeEvent[]) => Promise<void>;
  close: () => Promise<void>;
};
type LakeEvent = ExampleEvent & { ordinal?: number };

export async function makeRuleLake(): Promise<RuleLake> {
  const databases: Databases = await makeDatabases();
  const client = createClient({
    url: databases.clickhouseUrl,
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
  });
  await client.command({ query: `CREATE TABLE ${TABLE} ${eventsTable('ReplacingMergeTree')}` });
  return {
    client,
    load: async (events) => {
      await client.command({ query: `TRUNCATE TABLE ${TABLE}` });
      if (events.length > 0) await client.insert({ table: TABLE, values: events.map(rowOf), format: 'JSONEachRow' });
    },
    close: async () => {
      await client.close();
      await databases.drop();
    },
  };
}

function rowOf(event: LakeEvent, index: number): Record<string, string | number> {
  const ordinal = event.ordinal ?? index;
  const row = {
    ...event,
    chain_id: event.chain_id ?? CHAIN,
    recorded_at: event.recorded_at.replace('T', ' ').replace('Z', ''),
    segment_digest: DIGEST,
    ordinal,
    line: ordinal + 1,
    byte_offset: ordinal * 100,
    byte_length: 99,
    hash: event.hash ?? `h${index}`,
  };
  return Object.fromEntries(Object.entries(row).filter(([name]) => NAMES.has(name)));
}
