import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asLoaded, CHAIN, OTHER_CHAIN, type RuleLake, TABLE, makeRuleLake } from '../../testing/rule-lake';
import { matches } from './matches';
import { parseRuleFile } from './parse';
import { type Params, predicateSql } from './predicate-sql';
import { type ExampleEvent, type Predicate, TIME_PARTS } from './rule';

let lake: RuleLake;
beforeAll(async () => {
  lake = await makeRuleLake();
});
afterAll(async () => {
  await lake?.close();
});

/** The predicate of a detection, written as JSON, which YAML takes. */
function predicateOf(detection: object, zone = 'UTC'): Predicate {
  const rule = {
    title: 't',
    name: 't',
    timezone: zone,
    placeholders: { names: ['a*', 'B'] },
    logsource: { product: 'ai_agent', service: 'guardrail' },
    detection,
  };
  const correlation = {
    title: 'c',
    id: '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02',
    level: 'low',
    correlation: { type: 'event_count', rules: ['t'], timespan: '1h', condition: { gte: 1 } },
  };
  const yaml = `${JSON.stringify(rule)}\n---\n${JSON.stringify(correlation)}\n`;
  const [base] = parseRuleFile(yaml, 'rule.yml').bases;
  if (!base) throw new Error('the file holds a rule');
  return base.where;
}

/** Detections and records of which the lake and the plain reading do not say the same. */
async function differing(detections: readonly { detection: object; zone?: string }[], events: readonly ExampleEvent[]) {
  const predicates = detections.map(({ detection, zone }) => predicateOf(detection, zone));
  await lake.load(events);
  const params: Params = { table: TABLE };
  const columns = predicates.map((predicate) => `toUInt8(${predicateSql(predicate, params)})`);
  const result = await lake.client.query({
    query: `SELECT ordinal, [${columns.join(', ')}] AS found FROM {table:Identifier} ORDER BY ordinal`,
    query_params: params,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ ordinal: number; found: number[] }>();
  expect(rows.map(({ ordinal }) => ordinal)).toEqual(events.map((_, index) => index));
  return events.flatMap((event, at) =>
    predicates.flatMap((predicate, index) => {
      const inLake = rows[at]?.found[index] === 1;
      return inLake === matches(predicate, asLoaded(event, at)) ? [] : [{ ...detections[index], event, inLake }];
    }),
  );
}

const word = fc.constantFrom(
  '',
  'a',
  'B',
  'ab',
  'Ab',
  'a-b',
  '/a -b',
  'a%b',
  'a_b',
  String.raw`a\b`,
  'ä',
  'Ä',
  'a\nb',
  '10.1.2.3',
  '::1',
  "x' OR 1=1 --",
);
const value = fc.oneof(word, fc.constantFrom('a*', '*b', '?', 'a?b', String.raw`a\*b`, String.raw`\\*`, '*'));
const number = fc.integer({ min: 0, max: 4 });
const modifier = fc.constantFrom('', '|contains', '|startswith', '|endswith');
const suffix = fc.constantFrom('', '|cased', '|neq', '|cased|neq');
const regex = fc.constantFrom(
  '^a',
  'b$',
  'a.b',
  '(?i)AB',
  '[^a]',
  String.raw`\w+`,
  String.raw`^\d`,
  'a|b',
  'Ä',
  String.raw`\s`,
  '^$',
  'a{1,2}',
  String.raw`\-`,
);
const textField = fc.constantFrom('target', 'tool', 'agent', 'actor', 'host', '');

const item: fc.Arbitrary<object> = fc.oneof(
  fc.tuple(textField, modifier, suffix, value).map(([field, how, more, one]) => ({ [`${field}${how}${more}`]: one })),
  fc
    .tuple(textField, modifier, fc.constantFrom('', '|all'), fc.array(value, { minLength: 2, maxLength: 3 }))
    .map(([field, how, all, several]) => ({ [`${field}${how}${all}`]: several })),
  fc
    .tuple(textField, fc.constantFrom('', '|i', '|s', '|m'), regex)
    .map(([field, flags, one]) => ({ [`${field}|re${flags}`]: one })),
  fc
    .tuple(textField, fc.constantFrom('-a', '/a -b', ' -b'))
    .map(([field, one]) => ({ [`${field}|windash|contains`]: one })),
  fc.tuple(textField, fc.constantFrom('%names%', '%names%b')).map(([field, one]) => ({ [`${field}|expand`]: one })),
  fc
    .constantFrom('10.0.0.0/8', '10.1.2.3', '::/64', '::ffff:10.0.0.0/104', '0.0.0.0/0')
    .map((network) => ({ 'host|cidr': network })),
  fc
    .tuple(fc.constantFrom('target', 'tool'), modifier, suffix)
    .map(([field, how, more]) => ({ [`${field}|fieldref${how}${more}`]: 'agent' })),
  fc
    .tuple(fc.constantFrom('', '|gt', '|gte', '|lt', '|lte', '|neq'), number)
    .map(([op, one]) => ({ [`latency_ms${op}`]: one })),
  fc.constantFrom('', '|gt', '|lte').map((op) => ({ [`input_tokens|fieldref${op}`]: 'output_tokens' })),
  fc
    .constantFrom('target', 'latency_ms', 'chain_id')
    .chain((field) => fc.boolean().map((exists) => ({ [`${field}|exists`]: exists }))),
  fc.constantFrom('target', 'latency_ms').map((field) => ({ [field]: null })),
);
const detection = fc
  .tuple(item, item, fc.constantFrom('a', 'not a', 'a and b', 'a or not b', '1 of them', 'not (a or b)', 'all of *'))
  .map(([a, b, condition]) => ({ a, b, condition }));

const event: fc.Arbitrary<ExampleEvent> = fc.record({
  recorded_at: fc
    .integer({ min: 0, max: 3_000_000 })
    .map((minutes) => new Date(Date.UTC(2024, 1, 27) + minutes * 61_000).toISOString()),
  target: word,
  tool: word,
  agent: word,
  actor: word,
  chain_id: fc.constantFrom(CHAIN, OTHER_CHAIN),
  host: fc.oneof(
    word,
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom(
      '10.0.0.1',
      '010.0.0.1',
      '10.0.0',
      '::ffff:10.1.1.1',
      '1::2::3',
      '::',
      '1.2.3.4.5',
      ' 10.0.0.1',
      '2001:db8::g',
      '10.0.0.256',
      '1.2.3.4::',
      '1.2.3.4::1',
      '::1.2.3.4:1',
      ':1',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:1.2.3.4',
    ),
  ),
  latency_ms: number,
  input_tokens: number,
  output_tokens: number,
});

describe('a predicate', () => {
  it('finds in the lake what it says plainly', async () => {
    let pairs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(detection, { minLength: 25, maxLength: 40 }),
        fc.array(event, { minLength: 20, maxLength: 40 }),
        async (detections, events) => {
          pairs += detections.length * events.length;
          expect(
            await differing(
              detections.map((one) => ({ detection: one })),
              events,
            ),
          ).toEqual([]);
        },
      ),
      { numRuns: 14, endOnFailure: true },
    );
    expect(pairs).toBeGreaterThan(5000);
  });

  it('tells parts of a time in any zone, across changes of its clocks', async () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
    const timed = fc
      .tuple(
        fc.constantFrom(...TIME_PARTS),
        fc.constantFrom('', '|gt', '|gte', '|lt', '|lte', '|neq'),
        fc.integer({ min: 1, max: 12 }),
      )
      .map(([part, op, one]) => ({
        a: { [`recorded_at|${part}${op}`]: part === 'year' ? 2023 + one : one },
        condition: 'a',
      }));
    const instant = fc
      .oneof(
        fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2029, 0, 1) }),
        // around new years and the changes of clocks
        fc
          .tuple(
            fc.constantFrom(
              '2026-01-01',
              '2025-12-29',
              '2027-01-03',
              '2026-03-29T01:00Z',
              '2026-10-25T01:00Z',
              '2026-03-08T07:00Z',
              '2026-04-04T15:00Z',
            ),
            fc.integer({ min: -200, max: 200 }),
          )
          .map(([at, minutes]) => Date.parse(at) + minutes * 60_000),
      )
      .map((ms) => ({ recorded_at: new Date(ms).toISOString() }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(timed, fc.constantFrom(...zones)), { minLength: 30, maxLength: 30 }),
        fc.array(instant, { minLength: 40, maxLength: 40 }),
        async (detections, events) => {
          const untimed = { recorded_at: '1970-01-01T00:00:00Z' };
          const differ = await differing(
            detections.map(([one, zone]) => ({ detection: one, zone })),
            [...events, untimed],
          );
          expect(differ).toEqual([]);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
