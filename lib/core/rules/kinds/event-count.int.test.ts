import { type ClickHouseClient, createClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogRules } from '../../../testing/catalog';
import { type Databases, makeDatabases } from '../../../testing/databases';
import { kindOf } from '.';
import type { Measured } from './kind';
import { parseRuleFile } from '../parse';
import type { ExampleEvent, RuleFile } from '../rule';

const CHAIN = '01890000-0000-7000-8000-000000000001';
const OTHER_CHAIN = '01890000-0000-7000-8000-000000000002';
const DIGEST = 'd'.repeat(64);
const TABLE = 'rule_events';
const DDL = `CREATE TABLE ${TABLE} (
  chain_id UUID, segment_index UInt32, segment_digest String, ordinal UInt64, line UInt64, byte_offset UInt64, byte_length UInt32,
  format LowCardinality(String), recorded_at DateTime64(6, 'UTC'), kind LowCardinality(String), agent LowCardinality(String),
  session_id String, run_id String, tool LowCardinality(String), decision LowCardinality(String), reason String,
  policy LowCardinality(String), target String, protocol LowCardinality(String), model LowCardinality(String),
  secrets_redacted UInt32, input_tokens UInt64, output_tokens UInt64, cost_usd Float64, latency_ms UInt32,
  original_decision LowCardinality(String), reason_code LowCardinality(String), policy_digest LowCardinality(String),
  resource_class LowCardinality(String), host LowCardinality(String), actor LowCardinality(String), delegator LowCardinality(String),
  upstream_status UInt32, flags String, extra String, hash String,
  prev_hash String, sequence Nullable(UInt64), integrity LowCardinality(String)
) ENGINE = ReplacingMergeTree ORDER BY (chain_id, recorded_at, ordinal)`;

type Row = {
  group_values: string[];
  window_from: string;
  window_to: string;
  measured: Measured;
  record_count: number;
  records: [string, number, string, number, number, string, string, [string, number][]][];
};

let databases: Databases;
let lake: ClickHouseClient;
beforeAll(async () => {
  databases = await makeDatabases();
  lake = createClient({
    url: databases.clickhouseUrl,
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
  });
  await lake.command({ query: DDL });
});
afterAll(async () => {
  await lake?.close();
  await databases?.drop();
});

async function load(events: readonly ExampleEvent[]): Promise<void> {
  await lake.command({ query: `TRUNCATE TABLE ${TABLE}` });
  const values = events.map((event, ordinal) => ({
    ...event,
    chain_id: event.chain_id ?? CHAIN,
    recorded_at: event.recorded_at.replace('T', ' ').replace('Z', ''),
    segment_digest: DIGEST,
    ordinal,
    line: ordinal + 1,
    byte_offset: ordinal * 100,
    byte_length: 99,
    hash: `h${ordinal}`,
  }));
  if (values.length > 0) await lake.insert({ table: TABLE, values, format: 'JSONEachRow' });
}

async function run(rule: RuleFile, from = '2020-01-01T00:00:00Z', to = '2030-01-01T00:00:00Z'): Promise<Row[]> {
  const { sql, params } = kindOf(rule.correlation).compile(rule, { from, to, table: TABLE });
  const result = await lake.query({ query: sql, query_params: params, format: 'JSONEachRow' });
  return result.json<Row>();
}

/** A finding of either side in the same words. */
const reported = (rows: readonly Row[]) =>
  rows.map((row) => ({
    group: row.group_values,
    from: Date.parse(row.window_from),
    to: row.window_to,
    peak: Number(row.measured['peak']),
    count: row.record_count,
    records: row.records.map(([, ordinal]) => ordinal).toSorted((a, b) => a - b),
  }));
const meant = (rule: RuleFile, events: readonly ExampleEvent[]) =>
  kindOf(rule.correlation)
    .evaluate(
      rule,
      events.map((event) => ({ chain_id: CHAIN, ...event })),
    )
    .map(({ groupValues, windowFromUs, windowToUs, measured: { peak }, records }) => ({
      group: groupValues,
      from: Math.floor(windowFromUs / 1000),
      to: `${new Date(Math.floor(windowToUs / 1_000_000) * 1000).toISOString().slice(0, 19)}.${String(windowToUs % 1_000_000).padStart(6, '0')}Z`,
      peak,
      count: records.length,
      records: records.toSorted((a, b) => a - b),
    }));
const sorted = <T extends { from: number; group: string[] }>(findings: T[]) =>
  findings.toSorted((a, b) => a.from - b.from || (String(a.group) < String(b.group) ? -1 : 1));

async function bothWays(rule: RuleFile, events: readonly ExampleEvent[]) {
  await load(events);
  return { lake: sorted(reported(await run(rule))), plain: sorted(meant(rule, events)) };
}

describe.each(catalogRules())('$name', ({ rule }) => {
  it.each(rule.examples)('finds in the lake what the example says: $name', async ({ events, findings }) => {
    const { lake: found, plain } = await bothWays(rule, events);
    expect(found).toEqual(plain);
    expect(found).toHaveLength(findings);
  });
});

describe('sliding windows', () => {
  const rule = (op: string, value: number, groupBy: string) =>
    parseRuleFile(
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection: { selection: { decision: deny }, condition: selection }\n---\n` +
        `title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], group-by: ${groupBy}, timespan: 10s, condition: { ${op}: ${value} } }\n`,
      'test.yml',
    );
  const event = fc.record({
    // Quarters of a second make ties and exact timespans common.
    recorded_at: fc
      .integer({ min: 0, max: 200 })
      .map((quarters) => new Date(Date.UTC(2026, 4, 11) + quarters * 250).toISOString()),
    decision: fc.constantFrom('deny', 'deny', 'deny', 'Deny', 'allow'),
    session_id: fc.constantFrom('s1', 's2', ''),
    agent: fc.constantFrom('a', 'b'),
    chain_id: fc.constantFrom(CHAIN, OTHER_CHAIN),
  });

  it('agree with the plain reading of the rule', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq'),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('[]', '[session_id]', '[session_id, agent]'),
        async (events, op, value, groupBy) => {
          const { lake: found, plain } = await bothWays(rule(op, value, groupBy), events);
          expect(found).toEqual(plain);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('are of one chain where records lack what they are grouped by, and not looked at where the rule asks for it', async () => {
    const at = (second: number, chain: string) => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11, 0, 0, second)).toISOString(),
      decision: 'deny',
      session_id: '',
      chain_id: chain,
    });
    await load([at(0, CHAIN), at(1, CHAIN), at(2, OTHER_CHAIN), at(3, OTHER_CHAIN)]);
    expect(await run(rule('gte', 3, '[session_id]'))).toEqual([]);
    expect(
      (await run(rule('gte', 2, '[session_id]'))).map(({ group_values: values, record_count: count }) => [
        values,
        count,
      ]),
    ).toEqual([
      [['', CHAIN], 2],
      [['', OTHER_CHAIN], 2],
    ]);
    const stated = parseRuleFile(
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection: { selection: { decision: deny, session_id|exists: true }, condition: selection }\n---\n` +
        `title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], group-by: [session_id], timespan: 10s, condition: { gte: 1 } }\n`,
      'test.yml',
    );
    expect(await run(stated)).toEqual([]);
  });

  it('leave out what lies outside the period or states no time, and count a row loaded twice once', async () => {
    const at = (second: number) => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11, 0, 0, second)).toISOString(),
      decision: 'deny',
      session_id: 's1',
    });
    await load([at(0), at(1), at(2), { recorded_at: '1970-01-01T00:00:00.000Z', decision: 'deny', session_id: 's1' }]);
    await lake.command({ query: `INSERT INTO ${TABLE} SELECT * FROM ${TABLE}` });
    const [all] = await run(rule('gte', 1, '[session_id]'));
    expect(all).toMatchObject({
      measured: { peak: 3 },
      record_count: 3,
      window_from: '2026-05-11T00:00:00.000000Z',
      window_to: '2026-05-11T00:00:02.000001Z',
    });
    expect(all?.records[0]).toEqual([CHAIN, 0, DIGEST, 0, 99, 'h0', '2026-05-11T00:00:00.000000Z', [[CHAIN, 0]]]);
    const [cut] = await run(rule('gte', 1, '[session_id]'), '2026-05-11T00:00:01Z', '2026-05-11T00:00:02Z');
    expect(cut?.records.map(([, ordinal]) => ordinal)).toEqual([1]);
  });

  it('list the first thousand records and count the rest', async () => {
    await load(
      Array.from({ length: 1500 }, (_, index) => ({
        recorded_at: new Date(Date.UTC(2026, 4, 11) + index).toISOString(),
        decision: 'deny',
        session_id: 's',
      })),
    );
    const [found] = await run(rule('gte', 5, '[session_id]'));
    expect(found?.record_count).toBe(1500);
    expect(found?.records).toHaveLength(1000);
    expect(found?.records.at(-1)?.[1]).toBe(999);
  });
});

describe('what a record must be', () => {
  const values = [
    'deny',
    'DENY',
    'a%b',
    'a_b',
    String.raw`a\b`,
    'axb',
    'a*b',
    'a\nb',
    'Ünï',
    'ünï',
    '',
    '/etc/passwd',
    "x' OR 1=1 --",
  ];
  const selections = [
    '{ target: deny }',
    "{ target: 'a%b' }",
    "{ target: 'a_b' }",
    String.raw`{ target: 'a\b' }`,
    String.raw`{ target: 'a\*b' }`,
    "{ target: 'a*b' }",
    "{ target: 'a?b' }",
    "{ target|cased: 'deny' }",
    "{ target|contains: 'etc' }",
    "{ target|startswith: ['a', '/e'] }",
    "{ target|endswith: 'B' }",
    "{ target|contains|all: ['a', 'b'] }",
    "{ target|re: '^a.b$' }",
    "{ target|re|s: '^a.b$' }",
    "{ target|re|i: '^d[a-z]+y$' }",
    "{ target|neq: 'deny' }",
    "{ target: 'ÜNÏ' }",
    '{ target: null }',
    '{ target|exists: true }',
    `{ target: "x' OR 1=1 --" }`,
    '[{ target: deny }, { latency_ms|gt: 6 }]',
    '{ latency_ms|lte: 3 }',
    '{ latency_ms: 5 }',
  ];
  it.each(selections)('%s', async (selection) => {
    const rule = parseRuleFile(
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection:\n  s: ${selection}\n  condition: s\n---\n` +
        `title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], group-by: [], timespan: 1h, condition: { gte: 1 } }\n`,
      'test.yml',
    );
    const events = values.map((target, index) => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11) + index).toISOString(),
      target,
      latency_ms: index,
    }));
    const { lake: found, plain } = await bothWays(rule, events);
    expect(found).toEqual(plain);
    expect(found).not.toEqual([]);
  });
});
