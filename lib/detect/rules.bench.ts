import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRuleFile } from '../core/rules/parse';
import type { RuleFile } from '../core/rules/rule';
import { matchingRules } from '../lake/query/matching-rules';
import { batchesOf, hitsOfMany, hitsTogether } from '../lake/query/run-rule';
import { BENCH_END_MS as END_MS, type BenchLake, startBenchLake } from '../testing/bench-lake';

/** `SEALTRAIL_BENCH_EVENTS=5000000 npx vitest bench --run lib/detect` for the large one. */
const WEEK = { from: new Date(END_MS - 8 * 86_400_000), to: new Date(END_MS + 86_400_000) };

let bench: BenchLake;
beforeAll(async () => {
  bench = await startBenchLake();
}, 7_200_000);
afterAll(() => bench.stop(), 60_000);

const id = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** What eighty rules by themselves look for: paths and commands that are rarely or never met, in the manners rules are written in. */
const SOUGHT = Array.from({ length: 80 }, (_, index) => {
  const name = ['id_rsa', 'shadow', '.kube/config', '.npmrc', 'wallet.dat', 'authorized_keys', 'sudoers', 'crontab'][
    index % 8
  ];
  return [
    `target|contains: ['${name}', '/${name}.${index}']`,
    `tool: [bash, write_file]\n    target|endswith: '${name}${index}'`,
    `target|re: '(?i)curl [^|]*${index}[^|]*\\| *(ba)?sh'`,
    `decision: deny\n    target|startswith: '/srv/${name}'`,
    `target|contains|all: ['${name}', 'token${index}']`,
  ][index % 5];
});

const single = (detection: string, index: number) => `title: Sought ${index}
id: ${id(index)}
logsource: { product: ai_agent, service: guardrail }
detection:
  selection:
    ${detection}
  condition: selection
level: medium
`;

/** Twenty correlations of all kinds, some of which find something. */
const SECTIONS = [
  (field: string) => `type: event_count\n  group-by: [${field}]\n  timespan: 15m\n  condition: { gte: 12 }`,
  (field: string) =>
    `type: value_count\n  group-by: [${field}]\n  timespan: 10m\n  condition: { gte: 30, field: target }`,
  (field: string) =>
    `type: value_sum\n  group-by: [${field}]\n  timespan: 1h\n  condition: { gte: 40, field: cost_usd }`,
  (field: string) => `type: temporal\n  group-by: [${field}]\n  timespan: 5m`,
  (field: string) => `type: temporal_ordered\n  group-by: [${field}]\n  timespan: 5m`,
];
const BASES = [
  ['decision: deny', 'secrets_redacted|gt: 0'],
  ['tool: read_file', 'tool: bash'],
  ['cost_usd|gt: 0.1', 'decision: deny'],
  ['target|endswith: .env', 'target|contains: credentials'],
] as const;
const correlations = SECTIONS.flatMap((section, kind) =>
  BASES.map(([first, second], index) => {
    const at = 100 + kind * BASES.length + index;
    const base = (name: string, detection: string, plus: number) =>
      `title: ${name}\nid: ${id(at * 10 + plus)}\nname: ${name}\nlogsource: { product: ai_agent, service: guardrail }\ndetection:\n  selection:\n    ${detection}\n  condition: selection\n`;
    const field = index % 2 === 0 ? 'session_id' : 'agent';
    const rules = kind === 2 ? ['costs'] : ['one', 'two'];
    const bases =
      kind === 2 ? base('costs', 'cost_usd|gt: 0', 1) : `${base('one', first, 1)}---\n${base('two', second, 2)}`;
    return `${bases}---\ntitle: Correlation ${at}\nid: ${id(at)}\ncorrelation:\n  rules: [${rules.join(', ')}]\n  ${section(field)}\n`;
  }),
);

test('a hundred rules, twenty of them correlations, over all records of a week', async () => {
  const { ctx } = bench.installation;
  const rules: RuleFile[] = [...SOUGHT.map((sought, index) => single(sought ?? '', index)), ...correlations].map(
    (yaml, index) => parseRuleFile(yaml, `${index}.yml`),
  );
  expect(rules).toHaveLength(100);
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const matching = await matchingRules(ctx, rules, null, WEEK);
  const lookedMs = performance.now() - startedMs;
  const each: { rules: string; ms: number; findings: number }[] = [];
  for (const together of batchesOf([...matching.keys()], (rule) => matching.get(rule)?.records ?? 0)) {
    const ranMs = performance.now();
    let findings = 0;
    const [only, ...others] = together;
    const runs = together.map((rule) => ({ rule, time: WEEK }));
    const hits = only && others.length === 0 ? hitsOfMany(ctx, only, WEEK) : hitsTogether(ctx, runs);
    for await (const _ of hits) findings += 1;
    const rules = `${together.length} ${together[0]?.correlation.type}`;
    each.push({ rules, ms: Math.round(performance.now() - ranMs), findings });
  }
  const allMs = performance.now() - startedMs;
  const [there] = await (
    await ctx.lake.query({
      query: 'SELECT count() AS events FROM events',
      format: 'JSONEachRow',
    })
  ).json<{ events: number }>();
  console.table(each.toSorted((a, b) => b.ms - a.ms).slice(0, 12));
  console.table({
    [`${there?.events} events`]: {
      'looked for, ms': Math.round(lookedMs),
      'rules of them': matching.size,
      'all, ms': Math.round(allMs),
      'events/s': Math.round(((there?.events ?? 0) * 1000) / allMs),
      'our CPU, ms': Math.round((process.cpuUsage(before).user + process.cpuUsage(before).system) / 1000),
    },
  });
}, 7_200_000);
