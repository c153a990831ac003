import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instantOfMicros, microsOf } from '../time';
import { reachMs } from './compile';
import { evaluatePart } from './evaluate';
import { parseRuleFile } from './parse';
import { type ExampleEvent, windowUs } from './rule';
import { cutsOf, hitsInSlices, type TimeUs } from './slices';

const BASE = {
  denied: '{decision: deny}',
  bash: '{tool: bash}',
};
const rule = (correlation: string, inner = '') =>
  parseRuleFile(
    [
      ...Object.entries(BASE)
        .filter(([name]) => `${correlation}${inner}`.includes(name))
        .map(
          ([name, selection]) =>
            `title: ${name}\nname: ${name}\nlogsource: {product: ai_agent, service: guardrail}\ndetection: {selection: ${selection}, condition: selection}\n`,
        ),
      ...(inner === '' ? [] : [inner]),
      `title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: ${correlation}`,
    ].join('---\n'),
    'rule.yml',
  );
const INNER = `title: i
name: inner
correlation: {type: event_count, rules: [denied], group-by: [agent], timespan: 2s, condition: {gte: 2}}
`;
const RULES = [
  rule('{type: event_count, rules: [denied, bash], group-by: [agent], timespan: 1s, condition: {gte: 3}}'),
  // most records are of one window that goes on
  rule('{type: event_count, rules: [denied, bash], timespan: 2s, condition: {gte: 1}}'),
  rule('{type: event_count, rules: [bash], timespan: 2s, condition: {lte: 1}}'),
  rule('{type: temporal_ordered, rules: [denied, bash], group-by: [agent], timespan: 1s}'),
  rule('{type: value_count, rules: [denied, bash], timespan: 1s, condition: {field: target, gte: 3}}'),
  rule('{type: temporal, rules: [inner, bash], group-by: [agent], timespan: 1s}', INNER),
];

const event: fc.Arbitrary<ExampleEvent> = fc.record({
  recorded_at: fc
    .integer({ min: 0, max: 2_000 })
    .map((tenths) => instantOfMicros(1_700_000_000_000_000 + tenths * 100_000)),
  decision: fc.constantFrom('deny', 'allow'),
  tool: fc.constantFrom('bash', 'read'),
  target: fc.constantFrom('/a', '/b', '/c'),
  agent: fc.constantFrom('a', 'b'),
});
const story = fc
  .array(event, { maxLength: 250, size: 'max' })
  .map((list) => list.map((one, index) => ({ ...one, hash: `h${index}` })));
const whole: TimeUs = { fromUs: 1_699_999_000_000_000, toUs: 1_700_001_000_000_000 };

it('finds in slices of a time what it finds in the whole of it, in the same order', async () => {
  let sliced = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RULES), story, fc.integer({ min: 1, max: 40 }), async (one, list, most) => {
      let slices = 0;
      const hitsOf = async function* ({ fromUs, toUs }: TimeUs) {
        slices += 1;
        const among = list.filter(({ recorded_at: at }) => microsOf(at) >= fromUs && microsOf(at) < toUs);
        for (const { records, ...hit } of evaluatePart(one, among))
          yield { ...hit, hashes: records.map((index) => among[index]?.hash) };
      };
      const times = list.map(({ recorded_at: at }) => microsOf(at)).toSorted((a, b) => a - b);
      const cuts = cutsOf(
        times.map((fromUs) => ({ fromUs, records: 1 })),
        most,
      );
      const found = await Array.fromAsync(hitsInSlices(whole, cuts, windowUs(reachMs(one)), hitsOf));
      if (slices > 2) sliced += 1;
      expect(found).toEqual(await Array.fromAsync(hitsOf(whole)));
    }),
    { numRuns: 400 },
  );
  expect(sliced).toBeGreaterThan(100);
});

it('cuts before what would be too many', () => {
  const buckets = [3, 3, 3, 20, 1, 1].map((records, index) => ({ fromUs: index * 10, records }));
  expect(cutsOf(buckets, 6)).toEqual([20, 30, 40]);
  expect(cutsOf(buckets, 100)).toEqual([]);
  expect(cutsOf([], 1)).toEqual([]);
});
