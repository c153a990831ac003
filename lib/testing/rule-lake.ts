import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { COLUMNS } from '../core/event/fields';
import { type Hit, HitReader, type WindowRow } from '../core/rules/kinds/hits';
import type { Compiled } from '../core/rules/kinds/kind';
import { compileAble, compileKnown, needsOf } from '../core/rules/able';
import { compileRule } from '../core/rules/compile';
import { evaluatePart } from '../core/rules/evaluate';
import { partsOf } from '../core/rules/parts';
import type { ExampleEvent, RuleFile } from '../core/rules/rule';
import { eventsTable } from '../lake/events-table';
import { RULE_SETTINGS } from '../lake/query/rule-parts';
import { type Databases, makeDatabases } from './databases';

export const CHAIN = '01890000-0000-7000-8000-000000000001';
export const OTHER_CHAIN = '01890000-0000-7000-8000-000000000002';
export const DIGEST = 'd'.repeat(64);
export const TABLE = 'rule_events';
const NAMES: ReadonlySet<string> = new Set(COLUMNS.map(({ name }) => name));

/** A lake with a table of events, for rules that are held against it. */
export type RuleLake = {
  client: ClickHouseClient;
  /** Makes these all there is. A record's ordinal is its place in the list unless it says one; its hash is made of that. */
  load: (events: readonly LakeEvent[]) => Promise<void>;
  close: () => Promise<void>;
};
export type LakeEvent = ExampleEvent & { ordinal?: number };

export async function makeRuleLake(): Promise<RuleLake> {
  const databases: Databases = await makeDatabases();
  const client = createClient({
    url: databases.clickhouseUrl,
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 0,
      date_time_output_format: 'iso',
      ...RULE_SETTINGS,
    },
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

/** What a rule finds among what is loaded, and what it is said to find among these, in the same words and order. */
export async function bothWays(lake: RuleLake, rule: RuleFile, events: readonly LakeEvent[]) {
  const parts = partsOf(rule);
  const hits = [];
  for (const part of parts)
    for (const hit of await hitsIn(lake.client, compileRule(part, { ...ALWAYS, table: TABLE })))
      hits.push({ ...hit, name: part.name });
  if (hits.length > 0 && rule.inner.length === 0) await expectAble(lake.client, rule);
  const said = parts.flatMap((part) =>
    evaluatePart(part, events.map(asLoaded)).map((found) => ({ ...found, name: part.name })),
  );
  return {
    lake: inOrder(
      hits.map(({ name, groupValues, windowFromUs, windowToUs, measured, recordCount, records }) => ({
        name,
        groupValues,
        windowFromUs,
        windowToUs,
        peak: measured['peak'],
        severity: measured['severity'],
        against: measured['against'],
        count: recordCount,
        records: records.map(({ place: [chain, ordinal] }) => `${chain} ${ordinal}`).toSorted(),
      })),
    ),
    plain: inOrder(
      said.map(({ name, groupValues, windowFromUs, windowToUs, measured, records }) => ({
        name,
        groupValues,
        windowFromUs,
        windowToUs,
        peak: measured['peak'],
        severity: measured['severity'],
        against: measured['against'],
        count: records.length,
        records: records
          .map((index) => `${events[index]?.chain_id ?? CHAIN} ${events[index]?.ordinal ?? index}`)
          .toSorted(),
      })),
    ),
  };
}

/** @throws Error where a rule that finds something is taken for one that cannot. */
async function expectAble(client: ClickHouseClient, rule: RuleFile): Promise<void> {
  const asked = { rule, from: new Date(ALWAYS.from), to: new Date(ALWAYS.to) };
  for (const compile of needsOf(rule).before ? [compileAble, compileKnown] : [compileAble]) {
    const { sql, params } = compile([asked], TABLE);
    const result = await client.query({ query: sql, query_params: params, format: 'JSONEachRow' });
    const rows = await result.json<{ is_able?: number }>();
    if (rows.length !== 1 || rows[0]?.is_able === 0) throw new Error(`"${rule.title}" is said to find nothing`);
  }
}

export const ALWAYS = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };

function inOrder<T extends { name: string | null; windowFromUs: number; groupValues: string[] }>(
  findings: readonly T[],
): T[] {
  const key = ({ name, windowFromUs, groupValues }: T) => `${windowFromUs} ${JSON.stringify([name, groupValues])}`;
  return findings.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What a compiled rule finds. */
export async function hitsIn(client: ClickHouseClient, { sql, params }: Compiled): Promise<Hit[]> {
  const result = await client.query({ query: sql, query_params: params, format: 'JSONCompactEachRow' });
  const reader = new HitReader();
  const hits = (await result.json<WindowRow>()).map((row) => reader.push(row));
  return [...hits, reader.end()].filter((hit) => hit !== null);
}

/** An event with what the lake has of it where it says none. */
export function asLoaded<T extends LakeEvent>(
  event: T,
  index: number,
): T & { chain_id: string | number; hash: string } {
  return { ...event, chain_id: event.chain_id ?? CHAIN, hash: event.hash ?? `h${index}` };
}

function rowOf(event: LakeEvent, index: number): Record<string, string | number> {
  const ordinal = event.ordinal ?? index;
  const row = {
    ...asLoaded(event, index),
    recorded_at: event.recorded_at.replace('T', ' ').replace('Z', ''),
    segment_digest: DIGEST,
    ordinal,
    line: ordinal + 1,
    byte_offset: ordinal * 100,
    byte_length: 99,
  };
  return Object.fromEntries(Object.entries(row).filter(([name]) => NAMES.has(name)));
}
