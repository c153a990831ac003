import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ALWAYS,
  CHAIN,
  DIGEST,
  OTHER_CHAIN,
  type RuleLake,
  TABLE,
  hitsIn,
  makeRuleLake,
} from '../../../testing/rule-lake';
import { compileRule } from '../compile';
import type { Hit, WindowRow } from './hits';
import { MAX_FINDING_RECORDS } from './kind';
import { parseRuleFile } from '../parse';
import type { RuleFile } from '../rule';

let lake: RuleLake;
let load: RuleLake['load'];
beforeAll(async () => {
  lake = await makeRuleLake();
  ({ load } = lake);
});
afterAll(async () => {
  await lake?.close();
});

function run(rule: RuleFile, from = ALWAYS.from, to = ALWAYS.to): Promise<Hit[]> {
  return hitsIn(lake.client, compileRule(rule, { from, to, table: TABLE }));
}

describe('sliding windows', () => {
  const rule = (op: string, value: number, groupBy: string) =>
    parseRuleFile(
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection: { selection: { decision: deny }, condition: selection }\n---\n` +
        `title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], group-by: ${groupBy}, timespan: 10s, condition: { ${op}: ${value} } }\n`,
      'test.yml',
    );
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
      (await run(rule('gte', 2, '[session_id]'))).map(({ groupValues: values, recordCount: count }) => [values, count]),
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

  it('that come to one finding of many records in many chains take memory for their records, and not for each all that is said of it', async () => {
    await load([]);
    await lake.client.command({
      query: `INSERT INTO ${TABLE} (recorded_at, decision, session_id, chain_id, ordinal, hash, segment_digest)
        SELECT toDateTime64('2026-05-11 00:00:00', 6, 'UTC') + toIntervalMillisecond(number * 10), 'deny', 's1', toUUID(concat('01890000-0000-7000-8000-', leftPad(toString(number % 600), 12, '0'))), number, concat('h', toString(number)), '${DIGEST}'
        FROM numbers(60000)`,
    });
    const { sql, params } = compileRule(rule('gte', 2, '[session_id]'), { ...ALWAYS, table: TABLE });
    const result = await lake.client.query({
      query: sql,
      query_params: params,
      format: 'JSONCompactEachRow',
      clickhouse_settings: { max_memory_usage: '500000000' },
    });
    const rows = await result.json<WindowRow>();
    expect(rows).toHaveLength(MAX_FINDING_RECORDS);
    const [, said] = rows[0] ?? [];
    expect(said?.[4]).toBe(60_000);
    expect(said?.[5]).toHaveLength(600);
  });

  it('leave out what lies outside the period or states no time, and count a row loaded twice once', async () => {
    const at = (second: number) => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11, 0, 0, second)).toISOString(),
      decision: 'deny',
      session_id: 's1',
    });
    await load([at(0), at(1), at(2), { recorded_at: '1970-01-01T00:00:00.000Z', decision: 'deny', session_id: 's1' }]);
    await lake.client.command({ query: `INSERT INTO ${TABLE} SELECT * FROM ${TABLE}` });
    const [all] = await run(rule('gte', 1, '[session_id]'));
    expect(all).toMatchObject({
      measured: { peak: 3 },
      recordCount: 3,
      windowFromUs: Date.UTC(2026, 4, 11) * 1000,
      windowToUs: Date.UTC(2026, 4, 11, 0, 0, 2) * 1000 + 1,
    });
    expect(all?.records[0]).toEqual({
      place: [CHAIN, 0, DIGEST, 0, 99, 'h0'],
      tUs: Date.UTC(2026, 4, 11) * 1000,
      places: [[CHAIN, 0]],
    });
    const [cut] = await run(rule('gte', 1, '[session_id]'), '2026-05-11T00:00:01Z', '2026-05-11T00:00:02Z');
    expect(cut?.records.map(({ place: [, ordinal] }) => ordinal)).toEqual([1]);
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
    expect(found?.recordCount).toBe(1500);
    expect(found?.records).toHaveLength(1000);
    expect(found?.records.at(-1)?.place[1]).toBe(999);
  });
});
