import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CHAIN,
  OTHER_CHAIN,
  TABLE,
  type LakeEvent,
  type RuleLake,
  bothWays,
  hitsIn,
  makeRuleLake,
} from '../../../testing/rule-lake';
import { catalogRules } from '../../../testing/catalog';
import { EXTENSIONS, KINDS, kindOf } from '.';
import { compileRules, shapeOf } from '../compile';
import { parseRuleFile } from '../parse';
import { type RuleFile, windowUs } from '../rule';
import { cutsOf, hitsInSlices } from '../slices';
import { instantOfMicros, microsOf } from '../../time';
import type { KindType, Measures } from './measures';

/** Of each kind, of four rules over `STORIES` lists of records; of those that look back, which take longer, a quarter as many. */
const RUNS = Number(process.env['SEALTRAIL_RULE_RUNS'] ?? 8);

let lake: RuleLake;
beforeAll(async () => {
  lake = await makeRuleLake();
});
afterAll(async () => {
  await lake?.close();
});

const SELECTIONS: Readonly<Record<string, object>> = {
  denied: { decision: 'deny' },
  bash: { tool: 'bash' },
  slow: { 'latency_ms|gte': 3 },
};
/** A correlation, and what is written beside it. */
type Section = {
  type: string;
  rules: string[];
  timespan: string;
  condition?: object;
  aliases?: object;
  generate?: boolean;
  beside?: Partial<Record<'baseline' | 'new_terms', object>>;
};

function written({ beside, ...correlation }: Section): object {
  return { level: 'low', correlation, ...beside };
}

/** Base rules, some records being of several, and correlations of them, the first of all, written as JSON, which YAML takes. */
function ruleOf(correlation: Section, inner: readonly Section[] = []): RuleFile {
  const used = new Set([correlation, ...inner].flatMap(({ rules }) => rules));
  const bases = Object.entries(SELECTIONS)
    .filter(([name]) => used.has(name))
    .map(([name, selection]) => ({
      title: name,
      name,
      logsource: { product: 'ai_agent', service: 'guardrail' },
      detection: { selection, condition: 'selection' },
    }));
  const documents = [
    ...bases,
    ...inner.map((one, index) => ({ title: 'i', name: `inner${index}`, ...written(one) })),
    { title: 'c', id: '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02', ...written(correlation) },
  ];
  return parseRuleFile(documents.map((one) => JSON.stringify(one)).join('\n---\n'), 'rule.yml');
}

const event: fc.Arbitrary<LakeEvent> = fc.record({
  // Quarters of a second make ties and exact timespans common.
  recorded_at: fc
    .integer({ min: 0, max: 120 })
    .map((quarters) => new Date(Date.UTC(2026, 4, 11) + quarters * 250).toISOString()),
  decision: fc.constantFrom('deny', 'deny', 'Deny', 'allow'),
  tool: fc.constantFrom('bash', 'read', ''),
  target: fc.constantFrom('/a', '/b', '/c', ''),
  session_id: fc.constantFrom('s1', 's2', ''),
  agent: fc.constantFrom('a', 's1'),
  chain_id: fc.constantFrom(CHAIN, OTHER_CHAIN),
  latency_ms: fc.integer({ min: 0, max: 9 }),
  cost_usd: fc.constantFrom(0, 0.1, 0.2, 0.3, 0.0625, 1.5, 1e-9, 123_456.789, 1e300, -1e300),
  input_tokens: fc.constantFrom(0, 1, 7, 2 ** 52 + 1),
});

/** Records as two chains hold them: some of one chain are in the other as well, at other places. */
const story = fc.array(event, { maxLength: 50 }).chain((list) =>
  fc.array(fc.nat({ max: Math.max(0, list.length - 1) }), { maxLength: 6 }).map((copied) => {
    const placed = list.map((one, index) => ({ ...one, ordinal: index, hash: `h${index}` }));
    const copies = copied.flatMap((from, index) => {
      const one = placed[from];
      return one ? [{ ...one, chain_id: one.chain_id === CHAIN ? OTHER_CHAIN : CHAIN, ordinal: 1000 + index }] : [];
    });
    return [...placed, ...copies];
  }),
);

/** Stories asked about at once, a day apart: planning a rule takes the engine longer than running it. Nothing looks back so far, but for a history of all. */
const STORIES = 40;
const DAY_MS = 86_400_000;
const events = fc.array(story, { minLength: STORIES, maxLength: STORIES }).map((stories) =>
  stories.flatMap((list, day) =>
    list.map((one) => ({
      ...one,
      recorded_at: new Date(Date.parse(one.recorded_at) + day * DAY_MS).toISOString(),
      ordinal: day * 10_000 + one.ordinal,
      hash: `${day}${one.hash}`,
    })),
  ),
);

const op = fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'neq');
const count = fc.oneof(
  fc.tuple(op, fc.integer({ min: 1, max: 5 })).map(([name, value]) => ({ [name]: value })),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([from, more]) => ({ gte: from, lt: from + more })),
);
const amount = fc
  .tuple(op, fc.constantFrom(0.1, 0.3, 0.4, 1.7, 3, 4.5, 100, 2 ** 52))
  .map(([name, value]) => ({ [name]: value }));
const field = fc.constantFrom('cost_usd', 'latency_ms', 'input_tokens');
type Grouped = { 'group-by': string[]; aliases?: { who: Record<string, string> } };
const grouped: fc.Arbitrary<Grouped> = fc.oneof(
  fc.subarray(['session_id', 'agent']).map((groupBy) => ({ 'group-by': groupBy })),
  fc.constantFrom('session_id', 'agent').map((other) => ({
    'group-by': ['who'],
    aliases: {
      who: { denied: 'session_id', bash: 'agent', slow: other, inner0: 'agent', inner1: 'session_id', inner2: other },
    },
  })),
);

const some = (name: string, value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    fc.constant({}),
    value.map((one) => ({ [name]: one })),
  );
const all = (...parts: fc.Arbitrary<object>[]) => fc.tuple(...parts).map((list): object => Object.assign({}, ...list));
const ratio = fc.tuple(op, fc.constantFrom(0.5, 1, 1.5, 2, 1 / 3, 10)).map(([name, value]) => ({ [name]: value }));
const cold = all(
  some('share', ratio),
  count.map((condition) => ({ condition })),
);
const excess = all(
  ratio.map((one) => ({ ratio: one })),
  some('cold', cold),
);
const history = fc.constantFrom('5s', '12s', '20s', '60s', 'all');
const records = fc.integer({ min: 0, max: 8 });
const baselineOf = (of: fc.Arbitrary<object>) =>
  all(
    history.map((one) => ({ history: one })),
    of,
    excess,
    some('warm', all(some('records', records), some('windows', fc.integer({ min: 0, max: 3 })))),
    some('at-least', fc.constantFrom(0.4, 1)),
    some('instant', fc.constantFrom('cold', 'pass')),
    some('levels', all(some('high', excess), some('informational', excess))),
  ).map((baseline) => ({ beside: { baseline } }));
const percentile = fc.constantFrom(0, 5, 50, 95, 100).map((one) => ({ of: { percentile: one } }));
const rate = fc.constantFrom({}, { of: 'rate' });
/** One kind over another: windows of these are no longer than their history. */
const WINDOWS = fc.constantFrom('1s', '2s', '5s');

const CONDITIONS: Readonly<Record<KindType, fc.Arbitrary<object>>> = {
  baseline: fc.oneof(
    all(
      fc.constant({ type: 'event_count' }),
      count.map((condition) => ({ condition })),
      baselineOf(fc.oneof(rate, percentile)),
    ),
    all(
      fc.constant({ type: 'value_sum' }),
      fc.tuple(amount, field).map(([bounds, of]) => ({ condition: { ...bounds, field: of } })),
      baselineOf(fc.oneof(rate, percentile)),
    ),
    all(
      fc.constant({ type: 'value_count' }),
      count.map((bounds) => ({ condition: { ...bounds, field: 'target' } })),
      baselineOf(percentile),
    ),
  ),
  event_count: count.map((condition) => ({ condition })),
  new_terms: all(
    fc.constant({ type: 'event_count' }),
    fc.constantFrom({ gte: 1 }, { gte: 1 }, { gt: 1, lt: 4 }).map((condition) => ({ condition })),
    all(
      fc.shuffledSubarray(['target', 'tool|cased', 'decision'], { minLength: 1 }).map((fields) => ({ fields })),
      history.map((one) => ({ history: one })),
      some('warm', all(records.map((one) => ({ records: one })))),
    ).map((one) => ({ beside: { new_terms: one } })),
  ),
  temporal: fc.oneof(
    fc.constant({}),
    count.map((condition) => ({ condition })),
  ),
  temporal_ordered: fc.constant({}),
  value_avg: fc.tuple(amount, field).map(([bounds, of]) => ({ condition: { ...bounds, field: of } })),
  value_count: fc
    .tuple(count, fc.constantFrom('target', 'chain_id', 'latency_ms', ['target', 'tool']))
    .map(([bounds, of]) => ({ condition: { ...bounds, field: of } })),
  value_median: fc.tuple(amount, field).map(([bounds, of]) => ({ condition: { ...bounds, field: of } })),
  value_percentile: fc
    .tuple(amount, field, fc.constantFrom(0, 5, 50, 90, 95, 99.9, 100))
    .map(([bounds, of, percentile]) => ({ condition: { ...bounds, field: of, percentile } })),
  value_sum: fc.tuple(amount, field).map(([bounds, of]) => ({ condition: { ...bounds, field: of } })),
};

/** Over some of the base rules, or over an inner correlation and perhaps one of these or another, in any order. */
function correlationOf(type: KindType, inner?: string, other = 'slow'): fc.Arbitrary<Section> {
  const names = inner === undefined ? Object.keys(SELECTIONS) : [inner, other];
  const rules = (
    type === 'temporal_ordered'
      ? fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
      : fc.shuffledSubarray(names, { minLength: 1 })
  ).map((some) => (inner === undefined || some.includes(inner) ? some : [inner, ...some]));
  const isExtension = EXTENSIONS.some((one) => one.type === type);
  const groups = isExtension ? grouped.filter(({ aliases }) => aliases === undefined) : grouped;
  return fc
    .tuple(CONDITIONS[type], rules, groups, isExtension ? WINDOWS : fc.constantFrom('1s', '5s', '20s'))
    .map(([condition, names, { aliases, ...groups }, timespan]) => ({
      type,
      rules: names,
      timespan,
      ...groups,
      ...condition,
      ...(aliases
        ? { aliases: { who: Object.fromEntries(Object.entries(aliases.who).filter(([name]) => names.includes(name))) } }
        : {}),
    }));
}

describe.each(KINDS.map(({ type }) => type))('%s', (type) => {
  it('finds in the lake what it says plainly, in windows that slide', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.array(correlationOf(type), { minLength: 4, maxLength: 4 }),
        async (list, correlations) => {
          await lake.load(list);
          for (const correlation of correlations) {
            const { lake: inLake, plain } = await bothWays(lake, ruleOf(correlation), list);
            expect({ correlation, found: inLake }).toEqual({ correlation, found: plain });
          }
        },
      ),
      { numRuns: EXTENSIONS.some((one) => one.type === type) ? Math.ceil(RUNS / 4) : RUNS, endOnFailure: true },
    );
  });

  it('finds of several together, over times of their own, what it finds of each alone', async () => {
    const days = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 20, max: STORIES }));
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.array(correlationOf(type), { minLength: 4, maxLength: 4 }),
        fc.array(days, { minLength: 4, maxLength: 4 }),
        async (list, [first, ...others], times) => {
          if (!first) throw new Error('there is a first');
          await lake.load(list);
          const rules = [first, ...others.map((one) => alike(first, one))].map((one) => ruleOf(one));
          expect(new Set(rules.map(shapeOf)).size).toBe(1);
          const [run, ...runs] = rules.map((rule, index) => ({ rule, ...between(times[index] ?? [0, 1]) }));
          if (!run) throw new Error('there is a first');
          const alone = [];
          for (const [rule, one] of [run, ...runs].entries())
            for (const hit of await hitsIn(lake.client, compileRules([one], TABLE))) alone.push({ ...hit, rule });
          const together = await hitsIn(lake.client, compileRules([run, ...runs], TABLE));
          const found = (hits: typeof together) => hits.map((hit) => JSON.stringify(hit)).toSorted();
          expect({ first, found: found(together) }).toEqual({ first, found: found(alone) });
          expect(together.map(({ rule }) => rule)).toEqual(together.map(({ rule }) => rule).toSorted((a, b) => a - b));
        },
      ),
      { numRuns: EXTENSIONS.some((one) => one.type === type) ? 1 : Math.ceil(RUNS / 4), endOnFailure: true },
    );
  });

  it('finds in slices what it finds at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(story, { minLength: 12, maxLength: 12 }),
        correlationOf(type),
        fc.constantFrom('1s', '1s', '2s'),
        fc.integer({ min: 5, max: 30 }),
        async (stories, section, timespan, most) => {
          // one after another, so that some go on into the next
          const list = stories.flatMap((some, index) =>
            some.map((one) => ({
              ...one,
              recorded_at: new Date(Date.parse(one.recorded_at) + index * 31_000).toISOString(),
              ordinal: index * 10_000 + one.ordinal,
              hash: `${index}${one.hash}`,
            })),
          );
          await lake.load(list);
          const rule = ruleOf({ ...section, timespan });
          const whole = { fromUs: Date.UTC(2026, 4, 10) * 1000, toUs: Date.UTC(2026, 4, 13) * 1000 };
          const hitsOf = ({ fromUs, toUs }: typeof whole) =>
            hitsIn(
              lake.client,
              compileRules([{ rule, from: instantOfMicros(fromUs), to: instantOfMicros(toUs) }], TABLE),
            );
          const times = list.map((one) => microsOf(one.recorded_at)).toSorted((a, b) => a - b);
          const cuts = cutsOf(
            times.map((fromUs) => ({ fromUs, records: 1 })),
            most,
          );
          let slices = 0;
          const sliced = await Array.fromAsync(
            hitsInSlices(whole, cuts, windowUs(rule.correlation.timespanMs), async function* (time) {
              slices += 1;
              yield* await hitsOf(time);
            }),
          );
          sliceCounts.push(slices);
          expect({ section, found: sliced }).toEqual({ section, found: await hitsOf(whole) });
        },
      ),
      { numRuns: EXTENSIONS.some((one) => one.type === type) ? 1 : Math.ceil(RUNS / 4), endOnFailure: true },
    );
  });
});

/** In how many slices each was looked for. */
const sliceCounts: number[] = [];
it('looked for most of them in several slices', () => {
  expect(sliceCounts.filter((count) => count > 2).length).toBeGreaterThan(sliceCounts.length / 2);
});

/** Of so many days of the stories. */
function between([from, to]: readonly [number, number]) {
  const at = (day: number) => new Date(Date.UTC(2026, 4, 11) + day * DAY_MS).toISOString();
  return { from: at(from), to: at(to) };
}

function ownField({ condition }: Section): object {
  const { field } = { ...condition } as { field?: unknown }; // as the generator makes it
  return field === undefined ? {} : { field };
}

/** One of the shape of the first, of other records, groups and numbers. */
function alike(
  first: Section,
  { rules, timespan, aliases: _, ...other }: Section & { 'group-by'?: string[] },
): Section {
  const { field: __, ...bounds } = { field: null, ...first.condition };
  const { field = undefined } = { ...other.condition } as { field?: unknown }; // as the generator makes it
  const isOrdered = first.type === 'temporal_ordered';
  const isOfTime = first.beside !== undefined || 'percentile' in bounds || first.type === 'value_median';
  const groupBy = (other['group-by'] ?? []).filter((name) => name !== 'who');
  return {
    ...first,
    aliases: undefined,
    rules: isOrdered ? first.rules.map((_, index) => rules[index % rules.length] ?? 'slow') : rules,
    timespan: isOfTime ? first.timespan : timespan,
    ...(first.beside ? {} : { 'group-by': groupBy }),
    ...(first.condition && {
      condition: {
        ...Object.fromEntries(
          Object.entries(bounds).map(([name, value]) => [
            name,
            name === 'percentile' || first.beside || typeof value !== 'number' ? value : value + 1,
          ]),
        ),
        ...(field === undefined || first.beside ? ownField(first) : { field }),
      },
    }),
  };
}

/** Six records of one session, ten seconds apart, and how many findings each of these makes of them, of how many records. */
const STORY = [
  'deny bash /a 1',
  'deny bash /b 2',
  'deny read /a 9',
  'allow bash /c 4',
  'deny bash /c 9',
  'allow read /a 1',
].map((line, index): LakeEvent => {
  const [decision = '', tool = '', target = '', latency] = line.split(' ');
  const at = new Date(Date.UTC(2026, 4, 11, 0, 0, index * 10)).toISOString();
  const of = { decision, tool, target, session_id: 's', latency_ms: Number(latency), cost_usd: Number(latency) / 10 };
  return { ...of, recorded_at: at, chain_id: CHAIN, ordinal: index, hash: `h${index}` };
});
const told: [string, Section, readonly Section[], number[]][] = [
  ['three denied', { type: 'event_count', rules: ['denied'], timespan: '20s', condition: { gte: 3 } }, [], [3]],
  ['a range', { type: 'event_count', rules: ['denied'], timespan: '40s', condition: { gt: 2, lt: 4 } }, [], [3]],
  [
    'three targets',
    { type: 'value_count', rules: ['denied', 'bash'], timespan: '30s', condition: { field: 'target', gte: 3 } },
    [],
    [5],
  ],
  ['slow and denied', { type: 'temporal', rules: ['slow', 'denied'], timespan: '5s' }, [], [1, 1]],
  ['bash, then slow', { type: 'temporal_ordered', rules: ['bash', 'slow'], timespan: '10s' }, [], [2, 2]],
  [
    'a dear minute',
    { type: 'value_sum', rules: ['denied', 'bash'], timespan: '1m', condition: { field: 'cost_usd', gte: 2.5 } },
    [],
    [5],
  ],
  [
    'slow on average',
    { type: 'value_avg', rules: ['denied', 'bash'], timespan: '20s', condition: { field: 'latency_ms', gt: 7 } },
    [],
    [3],
  ],
  [
    'a high median',
    { type: 'value_median', rules: ['denied', 'bash'], timespan: '20s', condition: { field: 'latency_ms', gte: 9 } },
    [],
    [3],
  ],
  [
    'a high percentile',
    {
      type: 'value_percentile',
      rules: ['denied'],
      timespan: '10s',
      condition: { field: 'latency_ms', gte: 8.2, lt: 9, percentile: 90 },
    },
    [],
    [2],
  ],
  [
    'twice as slow as before',
    {
      type: 'event_count',
      rules: ['slow'],
      timespan: '10s',
      condition: { gte: 2 },
      beside: { baseline: { history: 'all', warm: { records: 2 }, ratio: { gte: 4 } } },
    },
    [],
    [3],
  ],
  [
    'tools at targets that were not seen together',
    {
      type: 'event_count',
      rules: ['denied', 'bash'],
      timespan: '5s',
      condition: { gte: 1 },
      beside: { new_terms: { fields: ['tool', 'target|cased'], history: '1m', warm: { records: 2 } } },
    },
    [],
    [1, 1],
  ],
  [
    'three denied, then bash, and again something slow',
    { type: 'temporal', rules: ['inner0', 'slow'], timespan: '20s' },
    [
      { type: 'temporal_ordered', rules: ['inner1', 'bash'], timespan: '10s' },
      { type: 'event_count', rules: ['denied'], timespan: '20s', condition: { gte: 3 } },
    ],
    [5],
  ],
  [
    'three denied, then bash',
    { type: 'temporal_ordered', rules: ['inner0', 'bash'], timespan: '10s' },
    [{ type: 'event_count', rules: ['denied'], timespan: '20s', condition: { gte: 3 } }],
    [4],
  ],
];

it.each(told)('finds %s', async (_, correlation, inner, counts) => {
  await lake.load(STORY);
  const { lake: inLake, plain } = await bothWays(lake, ruleOf(correlation, inner), STORY);
  expect(inLake).toEqual(plain);
  expect(inLake.map(({ count: records }) => records)).toEqual(counts);
});

/** So much longer than in the story: its ten seconds are six hours. */
const LONGER = 2_160;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60 };
const longer = <T>(of: T): T =>
  JSON.parse(JSON.stringify(of), (_, value: unknown) => {
    const [, amount, unit] = (typeof value === 'string' && /^(\d+)([sm])$/.exec(value)) || [];
    return amount && unit ? `${Number(amount) * (SECONDS[unit] ?? 1) * LONGER}s` : value;
  }) as T; // what was written, but for lengths

it.each(told)('finds %s over hours as over seconds', async (_, correlation, inner, counts) => {
  const [first] = STORY;
  const startMs = Date.parse(first?.recorded_at ?? '');
  const story = STORY.map((event) => ({
    ...event,
    recorded_at: new Date(startMs + (Date.parse(event.recorded_at) - startMs) * LONGER).toISOString(),
  }));
  await lake.load(story);
  const { lake: inLake, plain } = await bothWays(lake, ruleOf(longer(correlation), longer(inner)), story);
  expect(inLake).toEqual(plain);
  expect(inLake.map(({ count: records }) => records)).toEqual(counts);
});

/** A correlation over one over another, so many in all, where the first may be over the last as well. Of those that look back the engine reads two. */
function chainOf(length: number): fc.Arbitrary<Section[]> {
  const kinds = KINDS.map(({ type }) => type).filter(
    (type) => length < 3 || !EXTENSIONS.some((one) => one.type === type),
  );
  const types = fc.constantFrom(...kinds);
  const either = (of: fc.Arbitrary<Section>) =>
    fc.tuple(of, fc.boolean()).map(([one, generate]): Section => ({ ...one, generate }));
  const last = `inner${length - 2}`;
  return fc.tuple(
    ...Array.from({ length }, (_, at) =>
      either(
        types.chain((type) =>
          at === length - 1
            ? correlationOf(type)
            : correlationOf(type, `inner${at}`, at === 0 && length > 2 ? last : 'slow'),
        ),
      ),
    ),
  );
}

/** Three take the engine seconds to plan, so that a few are looked at in a longer run. */
it.each(
  [2, 3]
    .map((length) => [length, length === 2 ? Math.ceil(RUNS / 4) : Math.floor(RUNS / 40)])
    .filter(([, runs]) => runs),
)(
  'finds in the lake what %i correlations over each other, and rules of it by themselves, say plainly, and cites what led to it',
  async (length, numRuns) => {
    await fc.assert(
      fc.asyncProperty(events, fc.array(chainOf(length), { minLength: 2, maxLength: 2 }), async (list, chains) => {
        await lake.load(list);
        for (const correlations of chains) {
          const [outer, ...inner] = correlations;
          if (!outer) throw new Error('a chain has an outermost correlation');
          const { lake: inLake, plain } = await bothWays(lake, ruleOf(outer, inner), list);
          expect({ correlations, found: inLake }).toEqual({ correlations, found: plain });
        }
      }),
      { numRuns, endOnFailure: true },
    );
  },
);

describe.each(catalogRules())('$name', ({ rule }) => {
  it.each(rule.examples)('finds in the lake what the example says: $name', async ({ events: list, findings }) => {
    await lake.load(list);
    const { lake: found, plain } = await bothWays(lake, rule, list);
    expect(found).toEqual(plain);
    expect(found).toHaveLength(findings);
  });
});

it('states of each kind what is measured', () => {
  const rule = ruleOf({
    type: 'value_sum',
    rules: ['denied'],
    timespan: '1m',
    condition: { field: 'cost_usd', gt: 2.5, lt: 9 },
  });
  const stated: Pick<Measures, 'count' | 'threshold'> = kindOf(rule.correlation).measuresOf(rule.correlation, {
    peak: 3.25,
  });
  expect(stated).toEqual({ count: 3.25, threshold: 2.5 });
});
