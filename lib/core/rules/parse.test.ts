import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { pastMs } from './compile';
import { evaluateRule } from './evaluate';
import { matches } from './matches';
import { parseRuleFile } from './parse';

const base = (detection: string) => `title: t
name: t
logsource: { product: ai_agent, service: guardrail }
detection:
${detection
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;
const correlation = (body = 'type: event_count, rules: [t], timespan: 15m, condition: { gte: 5 }') => `---
title: c
id: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02
level: low
correlation: { ${body} }
`;
const DENY = 'selection:\n  decision: deny\ncondition: selection';

const ONE = `id: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a03\n${base(DENY)}`;
const filter = (rules: string, condition: string) => `title: f
logsource: { product: ai_agent, service: guardrail }
filter:
  rules: ${rules}
  selection: { agent: trusted }
  condition: ${condition}
`;

function refusal(yaml: string): string {
  try {
    parseRuleFile(yaml, 'rule.yml');
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parseRuleFile', () => {
  it('reads a rule and its correlation', () => {
    expect(
      parseRuleFile(
        base(DENY) +
          correlation(
            'type: event_count, rules: [t], group-by: [session_id, agent], timespan: 2h, condition: { gt: 3 }',
          ),
        'rule.yml',
      ),
    ).toMatchObject({
      id: '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02',
      level: 'low',
      correlation: {
        type: 'event_count',
        rules: ['t'],
        groupBy: ['session_id', 'agent'],
        groupColumns: [['session_id', 'agent']],
        timespan: '2h',
        timespanMs: 7_200_000,
        conditions: [{ op: 'gt', value: 3 }],
      },
      bases: [
        {
          name: 't',
          where: {
            kind: 'and',
            of: [
              { kind: 'and', of: [{ kind: 'text', column: 'decision', pattern: [{ text: 'deny' }], cased: false }] },
              {
                kind: 'not',
                of: { kind: 'text', column: 'format', pattern: [{ text: 'sealtrail-activity' }], cased: true },
              },
            ],
          },
        },
      ],
    });
  });

  it.each([
    [
      'a duplicate key',
      base('selection:\n  decision: deny\n  decision: allow\ncondition: selection') + correlation(),
      'rule.yml:7:5: Map keys must be unique',
    ],
    [
      'an unknown field',
      base('selection:\n  Image: x\ncondition: selection') + correlation(),
      'rule.yml:6:5: detection.selection.Image: "Image" is no field of a record',
    ],
    [
      'an unsupported modifier',
      base('selection:\n  target|ipv5: 10.0.0.0/8\ncondition: selection') + correlation(),
      'rule.yml:6:5: detection.selection.target|ipv5: the modifier "ipv5" is not supported',
    ],
    [
      'a number compared within words',
      base("selection:\n  '|gt':\n    - 3\ncondition: selection") + correlation(),
      'rule.yml:6:5: detection.selection.|gt: "a keyword" holds text',
    ],
    [
      'one value with all',
      base('selection:\n  target|contains|all: x\ncondition: selection') + correlation(),
      'rule.yml:6:5: detection.selection.target|contains|all: "all" needs more than one value',
    ],
    [
      'null among values',
      base('selection:\n  target:\n    - x\n    - null\ncondition: selection') + correlation(),
      'rule.yml:8:9: detection.selection.target.1: null cannot be one of several values',
    ],
    [
      'a network with bits beyond its prefix',
      base('selection:\n  host|cidr: 10.1.0.0/8\ncondition: selection') + correlation(),
      'rule.yml:6:16: detection.selection.host|cidr: "10.1.0.0/8" is no network',
    ],
    [
      'an hour that there is not',
      base('selection:\n  recorded_at|hour: 24\ncondition: selection') + correlation(),
      'rule.yml:6:23: detection.selection.recorded_at|hour: must be a whole number from 0 to 23',
    ],
    [
      'a zone that there is not',
      base(DENY).replace('name: t', 'timezone: Mars/Olympus') + correlation(),
      'rule.yml:2:11: timezone: must be an IANA time zone',
    ],
    [
      'a placeholder without values',
      base("selection:\n  actor|expand: '%Administrators%'\ncondition: selection") + correlation(),
      'rule.yml:6:19: detection.selection.actor|expand: the placeholder "%Administrators%" has no value in this document',
    ],
    [
      'a placeholder that stands for nothing',
      base(DENY).replace('name: t', 'name: t\nplaceholders: { none: [] }') + correlation(),
      'rule.yml:3:23: placeholders.none: ',
    ],
    [
      'a placeholder with its percent signs',
      base(DENY).replace('name: t', "name: t\nplaceholders: { '%none%': [a] }") + correlation(),
      'placeholders.%none%: must be a name, without percent signs',
    ],
    [
      'a field compared with what is none',
      base('selection:\n  actor|fieldref: Image\ncondition: selection') + correlation(),
      'rule.yml:6:21: detection.selection.actor|fieldref: "Image" is no field of a record',
    ],
    [
      'a rule for other records, by the fields there are none of',
      base('selection:\n  Image: x\ncondition: selection').replace('guardrail', 'sysmon') + correlation(),
      'rule.yml:6:5: detection.selection.Image: "Image" is no field of a record',
    ],
    [
      'a place within an expression',
      base("selection:\n  target|re: 'ab(?=x)'\ncondition: selection") + correlation(),
      'rule.yml:6:19: detection.selection.target|re: look-around',
    ],
    [
      'a place within a condition',
      base('selection:\n  decision: deny\ncondition: selection and other') + correlation(),
      'rule.yml:7:28: detection.condition: expected the name of a selection (selection) instead of "other"',
    ],
    [
      'parentheses without end',
      base(`selection:\n  decision: deny\ncondition: ${'('.repeat(70)}selection`) + correlation(),
      'rule.yml:7:78: detection.condition: expected no more than 64',
    ],
    [
      'a number compared with text',
      base('selection:\n  target|gt: 3\ncondition: selection') + correlation(),
      'rule.yml:6:5: detection.selection.target|gt: "target" holds text',
    ],
    [
      'look-around',
      base("selection:\n  target|re: '(?=x)'\ncondition: selection") + correlation(),
      'rule.yml:6:16: detection.selection.target|re: look-around',
    ],
    [
      'a broken expression',
      base("selection:\n  target|re: '['\ncondition: selection") + correlation(),
      'rule.yml:6:16: detection.selection.target|re: ',
    ],
    [
      'a timeframe',
      base('selection:\n  decision: deny\ntimeframe: 5m\ncondition: selection') + correlation(),
      'rule.yml:7:14: detection.timeframe: is not supported in a rule',
    ],
    [
      'an aggregation',
      base('selection:\n  decision: deny\ncondition: selection | count() > 5') + correlation(),
      'rule.yml:7:24: detection.condition: aggregations',
    ],
    [
      'an unknown selection',
      base('selection:\n  decision: deny\ncondition: other') + correlation(),
      'rule.yml:7:14: detection.condition: expected the name of a selection (selection) instead of "other"',
    ],
    [
      'another count',
      base('selection:\n  decision: deny\ncondition: 2 of them') + correlation(),
      'rule.yml:7:14: detection.condition: expected "1 of" or "all of"',
    ],
    [
      'another log source',
      base(DENY).replace('guardrail', 'sysmon') + correlation(),
      'rule.yml:3:42: logsource.service: ',
    ],
    [
      'another correlation type',
      base(DENY) + correlation('type: no_such_type, rules: [t], timespan: 15m, condition: { gte: 5 }'),
      'rule.yml:12:22: correlation.type: must be ',
    ],
    [
      'an alias that says no field for a rule',
      base(DENY) +
        correlation(
          'type: event_count, rules: [t], group-by: [who], aliases: { who: {} }, timespan: 15m, condition: { gte: 5 }',
        ),
      'rule.yml:12:80: correlation.aliases.who: says no field for the rule "t"',
    ],
    [
      'an alias of no text',
      base(DENY) +
        correlation(
          'type: event_count, rules: [t], group-by: [who], aliases: { who: { t: Image } }, timespan: 15m, condition: { gte: 5 }',
        ),
      'correlation.aliases.who.t: "Image" is no field of a record',
    ],
    [
      'an alias that nothing is grouped by',
      base(DENY) +
        correlation(
          'type: event_count, rules: [t], aliases: { who: { t: agent } }, timespan: 15m, condition: { gte: 5 }',
        ),
      'rule.yml:12:58: correlation.aliases.who: is an alias that nothing is grouped by',
    ],
    [
      'two words about rules by themselves',
      `${base(DENY)}${correlation('type: event_count, rules: [t], generate: true, timespan: 15m, condition: { gte: 5 }')}generate: false`,
      'rule.yml:13:1: generate: says other than correlation.generate',
    ],
    [
      'a word that is none about rules by themselves',
      base(DENY) + correlation('type: event_count, rules: [t], generate: sure, timespan: 15m, condition: { gte: 5 }'),
      'rule.yml:12:57: correlation.generate: ',
    ],
    [
      'a condition of an order',
      base(DENY) + correlation('type: temporal_ordered, rules: [t], timespan: 15m, condition: { gte: 1 }'),
      'rule.yml:12:78: correlation.condition: takes no condition',
    ],
    [
      'a part of an event',
      base(DENY) + correlation('type: event_count, rules: [t], timespan: 15m, condition: { gte: 1.5 }'),
      'rule.yml:12:80: correlation.condition.gte: must be a whole number',
    ],
    [
      'a sum of texts',
      base(DENY) + correlation('type: value_sum, rules: [t], timespan: 15m, condition: { gte: 1, field: tool }'),
      'correlation.condition.field: "tool" holds text; numbers are needed',
    ],
    [
      'a count of no values',
      base(DENY) + correlation('type: value_count, rules: [t], timespan: 15m, condition: { gte: 1 }'),
      'rule.yml:12:73: correlation.condition.field: ',
    ],
    [
      'a percentile that is none',
      base(DENY) +
        correlation(
          'type: value_percentile, rules: [t], timespan: 15m, condition: { gte: 1, field: latency_ms, percentile: 101 }',
        ),
      'correlation.condition.percentile: ',
    ],
    [
      'an unknown rule',
      base(DENY) + correlation('type: event_count, rules: [u], timespan: 15m, condition: { gte: 5 }'),
      'rule.yml:12:43: correlation.rules.0: no rule of this file is called "u"',
    ],
    [
      'a strange timespan',
      base(DENY) + correlation('type: event_count, rules: [t], timespan: 15min, condition: { gte: 5 }'),
      'rule.yml:12:57: correlation.timespan: must be a number followed by s, m, h or d',
    ],
    [
      'a condition that says nothing',
      base(DENY) + correlation('type: event_count, rules: [t], timespan: 15m, condition: {}'),
      'rule.yml:12:73: correlation.condition: must hold at least one of',
    ],
    [
      'grouping by a number',
      base(DENY) +
        correlation('type: event_count, rules: [t], group-by: [cost_usd], timespan: 15m, condition: { gte: 5 }'),
      'rule.yml:12:58: correlation.group-by.0: "cost_usd" holds numbers',
    ],
    ['a rule by itself without an id', base(DENY), 'rule.yml:1:1: needs an id'],
    ['two rules by themselves', `${ONE}---\n${base(DENY)}`, 'rule.yml:10:1: holds a second rule'],
    [
      'a rule that the correlation is not over',
      `${base(DENY)}---\n${base(DENY).replace('name: t', 'name: u')}${correlation()}`,
      'rule.yml:9:1: no correlation is over the rule "u"',
    ],
    [
      'two rules of one name',
      `${base(DENY)}---\n${base(DENY)}${correlation()}`,
      'rule.yml:9:1: another rule of this file is called "t"',
    ],
    [
      'an inner correlation of the name of a rule',
      `${base(DENY)}${correlation().replace('title: c', 'title: c\nname: t').replace('a02', 'a03')}${correlation()}`,
      'another rule of this file is called "t"',
    ],
    [
      'a bound that no record reaches',
      base(DENY) +
        correlation('type: value_sum, rules: [t], timespan: 15m, condition: { gte: 1e300, field: cost_usd }'),
      'correlation.condition.gte: must lie within',
    ],
    [
      'a placeholder of a name every object has',
      base("selection:\n  actor|expand: '%constructor%'\ncondition: selection") + correlation(),
      'the placeholder "%constructor%" has no value in this document',
    ],
    [
      'two correlations',
      `${base(DENY)}${correlation()}${correlation()}`,
      'rule.yml:14:1: holds a second correlation that no other is over',
    ],
    [
      'a filter of a rule there is not',
      `${ONE}---\n${filter('[x]', 'not selection')}`,
      'rule.yml:13:11: filter.rules.0: no rule of this file is called "x"',
    ],
    [
      'a filter by what is no field',
      `${ONE}---\n${filter('any', 'not selection').replace('agent:', 'User:')}`,
      'rule.yml:14:16: filter.selection.User: "User" is no field of a record',
    ],
    ['only a filter', filter('any', 'not selection'), 'rule.yml:1:1: holds no rule'],
    ['nothing', '', 'rule.yml:1:1: holds no rule'],
    ['no YAML', 'a: [', 'rule.yml:1:5: '],
  ])('refuses %s, and says where', (_, yaml, message) => {
    expect(refusal(yaml)).toContain(message);
  });
});

describe('a rule by itself', () => {
  const [first, second] = [
    { recorded_at: '2026-05-11T08:00:00Z', decision: 'deny', session_id: 's', agent: 'trusted' },
    { recorded_at: '2026-05-11T08:10:00Z', decision: 'deny', session_id: 's', agent: 'other' },
  ];
  const found = (yaml: string) => {
    const rule = parseRuleFile(yaml, 'rule.yml');
    return evaluateRule(rule, [
      first,
      second,
      { ...second, recorded_at: '2026-05-11T09:00:00Z' },
      { ...second, session_id: 'u' },
    ]).map(({ records }) => records);
  };

  it('finds each of its records, those of one session soon after each other as one', () => {
    expect(found(ONE)).toEqual([[0, 1], [3], [2]]);
  });

  it('finds none that a filter leaves out', () => {
    expect(found(`${ONE}---\n${filter('any', 'not selection')}`)).toEqual([[1], [3], [2]]);
    expect(found(`${filter('[t]', 'selection')}---\n${ONE}`)).toEqual([[0]]);
  });

  it('is of the level it says, or of the worst that it is over', () => {
    const level = (yaml: string) => parseRuleFile(yaml, 'rule.yml').level;
    expect(level(ONE)).toBe('medium');
    expect(level(`${ONE}level: critical\n`)).toBe('critical');
    expect(level(`${base(DENY)}level: high\n${correlation().replace('level: low\n', '')}`)).toBe('high');
  });
});

describe('a correlation of a correlation', () => {
  const chained = (outer: string, inner: string) =>
    `${base(DENY)}---\ntitle: i\nname: many\ncorrelation: { ${inner} }\n${base('s:\n  decision: allow\ncondition: s').replace('title: t\nname: t', '---\ntitle: a\nname: allowed')}${correlation(outer)}`;
  const many = 'type: event_count, rules: [t], group-by: [agent], timespan: 10m, condition: { gte: 3 }';
  const then = 'type: temporal_ordered, rules: [many, allowed], group-by: [actor], timespan: 5m';

  it('counts the hits of that one, groups by its own fields, and cites what led to them', () => {
    const at = (minute: number, decision: string, actor = 'x') => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11, 8, minute)).toISOString(),
      decision,
      agent: 'a',
      actor,
    });
    const found = (...events: ReturnType<typeof at>[]) =>
      evaluateRule(parseRuleFile(chained(then, many), 'rule.yml'), events).map(({ records }) => records);
    expect(found(at(0, 'deny'), at(4, 'deny'), at(8, 'deny'), at(12, 'allow'))).toEqual([[0, 1, 2, 3]]);
    expect(found(at(0, 'deny'), at(4, 'deny'), at(12, 'allow'))).toEqual([]);
    expect(found(at(0, 'deny'), at(4, 'deny'), at(8, 'deny'), at(14, 'allow'))).toEqual([]);
    expect(found(at(0, 'deny'), at(4, 'deny'), at(8, 'deny'), at(9, 'allow', 'y'))).toEqual([]);
  });

  it.each([
    [
      'over each other',
      'type: temporal, rules: [many, t], timespan: 5m',
      'type: temporal, rules: [c2, t], timespan: 5m',
    ],
    ['over itself', then.replace('[many, allowed]', '[c2, allowed]'), many],
  ])('is refused %s', (_, outer, inner) => {
    expect(refusal(chained(outer, inner).replace('title: c\n', 'title: c\nname: c2\n'))).toMatch(
      /^rule.yml:\d+:\d+: (is over itself|does not lead to|correlation\.rules\.0: "many" is over this one|holds a second correlation)/,
    );
  });
});

describe('correlations over each other', () => {
  const deep = (length: number) =>
    `${base(DENY)}${Array.from({ length }, (_, at) => {
      const head = at === length - 1 ? '' : `---\ntitle: i\nname: i${at}\n`;
      const of = `type: event_count, rules: [${at === 0 ? 't' : `i${at - 1}`}], group-by: [agent], timespan: 10m, condition: { gte: 1 }`;
      return head === '' ? correlation(of) : `${head}correlation: { ${of} }\n`;
    }).join('')}`;

  it('are three deep at most', () => {
    const { inner } = parseRuleFile(deep(3), 'rule.yml');
    expect(inner.map(({ name }) => name)).toEqual(['i0', 'i1']);
    expect(refusal(deep(4))).toMatch(
      /^rule.yml:\d+:\d+: correlation\.rules\.0: correlations are over each other 3 deep/,
    );
  });
});

describe('rules that find something by themselves', () => {
  const inner = 'type: event_count, rules: [t], group-by: [agent], timespan: 10m, condition: { gte: 2 }';
  const outer = 'type: temporal, rules: [many, slow], timespan: 20m';
  const file = (one: string, other: string) =>
    `${base(DENY)}level: informational\n---\n${base('s: { latency_ms|gte: 9 }\ncondition: s').replace('title: t\nname: t', 'title: Slow\nname: slow')}runbook: wait
---
title: Many
name: many
correlation: { ${inner}${other} }
${correlation(outer + one)}`;
  const generated = (one: string, other = '') =>
    parseRuleFile(file(one, other), 'rule.yml').generated.map(
      ({ name, title, level }) => `${name}: ${title}, ${level}`,
    );

  it('are none, unless the correlation over them says so', () => {
    expect(generated('')).toEqual([]);
    expect(generated(', generate: false')).toEqual([]);
    expect(generated(', generate: true')).toEqual(['slow: Slow, medium', 'many: Many, informational']);
    expect(generated('', ', generate: true')).toEqual(['t: t, informational']);
    expect(generated(', generate: true', ', generate: true')).toEqual([
      't: t, informational',
      'slow: Slow, medium',
      'many: Many, informational',
    ]);
    expect(parseRuleFile(`${file('', '')}generate: true`, 'rule.yml').generated).toHaveLength(2);
  });

  it('are not those of which another correlation says otherwise', () => {
    const both = file(', generate: true', '').replace('rules: [many, slow]', 'rules: [many, slow, t]');
    expect(parseRuleFile(both, 'rule.yml').generated.map(({ name }) => name)).toEqual(['slow', 'many']);
  });

  it('find what they are, beside what is found of them together', () => {
    const at = (minute: number, event: object) => ({
      recorded_at: new Date(Date.UTC(2026, 4, 11, 8, minute)).toISOString(),
      agent: 'a',
      session_id: 's',
      ...event,
    });
    const events = [at(0, { decision: 'deny' }), at(2, { decision: 'deny' }), at(5, { latency_ms: 9 })];
    const found = (one: string, other = '') =>
      evaluateRule(parseRuleFile(file(one, other), 'rule.yml'), events).map(({ records }) => records);
    expect(found('')).toEqual([[0, 1, 2]]);
    expect(found(', generate: true')).toEqual([[0, 1, 2], [2], [0, 1]]);
    expect(found(', generate: true', ', generate: true')).toEqual([[0, 1, 2], [0, 1], [2], [0, 1]]);
  });
});

describe('conditions', () => {
  const selections = [
    'a:\n  agent: a',
    'b:\n  tool: b',
    'x_1:\n  kind: x',
    'x_2:\n  model: x',
    '_hidden:\n  policy: never',
  ].join('\n');
  const holds = (condition: string, event: Record<string, string>) => {
    const [rule] = parseRuleFile(base(`${selections}\ncondition: ${condition}`) + correlation(), 'rule.yml').bases;
    return rule ? matches(rule.where, { recorded_at: '2026-05-11T08:00:00Z', ...event }) : null;
  };
  it.each<[string, Record<string, string>, boolean]>([
    ['a or b and x_1', { agent: 'a' }, true],
    ['(a or b) and x_1', { agent: 'a' }, false],
    ['not a and b', { tool: 'b' }, true],
    ['not (a and b)', { agent: 'a' }, true],
    ['not a and not b', { agent: 'a' }, false],
    ['1 of x_*', { model: 'x' }, true],
    ['all of x_*', { model: 'x' }, false],
    ['all of x_*', { model: 'x', kind: 'x' }, true],
    ['1 of them', { policy: 'never' }, false],
    ['any of them', { tool: 'b' }, true],
    ['all of them', { agent: 'a', tool: 'b', kind: 'x', model: 'x' }, true],
    ['a AND NOT 1 of x_*', { agent: 'a', kind: 'x' }, false],
  ])('%s, %j: %s', (condition, event, expected) => {
    expect(holds(condition, event)).toBe(expected);
  });
});

describe('kinds that Sigma lacks', () => {
  const file = (beside: string, body?: string) => base(DENY) + correlation(body) + beside;
  const sum = 'type: value_sum, rules: [t], timespan: 15m, condition: { field: cost_usd, gt: 0 }';

  it('reads a baseline, its levels worst first', () => {
    const { correlation: read, custom } = parseRuleFile(
      file(
        'baseline: { history: 2h, ratio: { gte: 3 }, cold: { share: { gte: 0.5 } }, levels: { medium: { ratio: { gt: 5 } }, critical: { cold: { condition: { gte: 9 } } } } }',
      ),
      'rule.yml',
    );
    expect(custom).toEqual({});
    expect(read).toMatchObject({
      type: 'baseline',
      over: { type: 'event_count', conditions: [{ op: 'gte', value: 5 }] },
      past: { lengthMs: 7_200_000, fields: 0 },
      of: 'rate',
      atLeast: 0,
      warm: { records: 1, windows: 1 },
      instant: 'cold',
      excess: { ratio: [{ op: 'gte', value: 3 }], cold: { measured: [], share: [{ op: 'gte', value: 0.5 }] } },
      levels: [
        { severity: 5, excess: { ratio: null, cold: { measured: [{ op: 'gte', value: 9 }], share: [] } } },
        { severity: 3, excess: { ratio: [{ op: 'gt', value: 5 }], cold: null } },
      ],
      severity: 2,
    });
  });

  it('reads new terms behind what is grouped by', () => {
    const { correlation: read } = parseRuleFile(
      file(
        "new_terms: { fields: [tool, 'target|cased'], history: all }",
        'type: event_count, rules: [t], group-by: [agent], timespan: 1h, condition: { gte: 1 }',
      ),
      'rule.yml',
    );
    expect(read).toMatchObject({
      type: 'new_terms',
      past: { lengthMs: null, fields: 1 },
      groupBy: ['agent', 'tool', 'target'],
      groupColumns: [['agent', { lower: 'tool' }, 'target']],
      warmRecords: 1,
    });
  });

  it('is looked at as far as it looks back, and what it is over before it', () => {
    const inner = correlation().replace('title: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02', 'title: i\nname: i');
    const over = (history: string) =>
      parseRuleFile(
        `${base(DENY)}${inner}baseline: { history: 2h, ratio: { gte: 3 } }\n${correlation('type: event_count, rules: [i], timespan: 1m, condition: { gte: 1 }')}baseline: { history: ${history}, ratio: { gte: 3 } }\n`,
        'rule.yml',
      );
    expect(pastMs(over('1h'))).toBe(3 * 3_600_000);
    expect(pastMs(over('all'))).toBe(Number.POSITIVE_INFINITY);
    expect(pastMs(parseRuleFile(ONE, 'rule.yml'))).toBe(0);
  });

  it('refuses with the place', () => {
    expect(refusal(file('baseline:\n  ratio: { gte: 3 }\n  history: x\n'))).toBe(
      'rule.yml:15:12: baseline.history: must be a number followed by s, m, h or d, or all',
    );
  });

  it.each<[string, string, string?]>([
    ['baseline.history: must be no shorter than the timespan', 'baseline: { history: 5m, ratio: { gte: 3 } }'],
    [
      'baseline.history: must be no longer than 100000 timespans',
      'baseline: { history: 999999d, of: { percentile: 50 }, ratio: { gte: 3 } }',
    ],
    ['baseline.ratio: must hold at least one of', 'baseline: { history: 1d, ratio: {} }'],
    ['baseline.ratios: is not supported here', 'baseline: { history: 1d, ratio: { gte: 3 }, ratios: 3 }'],
    ['baseline.cold: must hold a condition or a share', 'baseline: { history: 1d, ratio: { gte: 3 }, cold: {} }'],
    [
      'baseline.levels.high: must hold a ratio or cold',
      'baseline: { history: 1d, ratio: { gte: 3 }, levels: { high: {} } }',
    ],
    [
      'baseline.of: different values have no rate',
      'baseline: { history: 1d, ratio: { gte: 3 } }',
      'type: value_count, rules: [t], timespan: 15m, condition: { field: tool, gte: 2 }',
    ],
    ['baseline.of', 'baseline: { history: 1d, of: { percentile: 101 }, ratio: { gte: 3 } }'],
    [
      'correlation.type: a baseline is of event_count, value_count or value_sum',
      'baseline: { history: 1d, ratio: { gte: 3 } }',
      'type: temporal, rules: [t], timespan: 15m',
    ],
    [
      'correlation.aliases: are not supported with baseline',
      'baseline: { history: 1d, ratio: { gte: 3 } }',
      'type: event_count, rules: [t], group-by: [who], aliases: { who: { t: agent } }, timespan: 15m, condition: { gte: 5 }',
    ],
    [
      'new_terms: cannot stand beside baseline',
      'baseline: { history: 1d, ratio: { gte: 3 } }\nnew_terms: { fields: [tool], history: 1d }',
    ],
    [
      'new_terms.fields.0: "latency_ms" holds numbers; terms are texts',
      'new_terms: { fields: [latency_ms], history: 1d }',
    ],
    ['new_terms.fields.1: "shape" is no field of a record', 'new_terms: { fields: [tool, shape], history: 1d }'],
    ['new_terms.fields.0: takes no modifier but "cased"', "new_terms: { fields: ['tool|re'], history: 1d }"],
    ['new_terms.fields.1: is grouped by already', 'new_terms: { fields: [tool, tool], history: 1d }'],
    ['correlation.type: new terms are of event_count', 'new_terms: { fields: [tool], history: 1d }', sum],
  ])('refuses: %s', (message, beside, body) => {
    expect(refusal(file(beside, body))).toContain(message);
  });

  it('needs the level of the rule for levels, and a correlation', () => {
    const beside = 'baseline: { history: 1d, ratio: { gte: 3 }, levels: { high: { ratio: { gt: 10 } } } }';
    expect(refusal(file(beside).replace('level: low\n', ''))).toContain('baseline.levels: need the level of the rule');
    expect(refusal(`${ONE}${beside}`)).toContain('baseline: is of a correlation');
  });
});

it('reads the parts of rules that docs/rules.md shows', () => {
  const text = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
  const shown = [...text.matchAll(/```yaml\n(correlation:[^`]*)```/g)].map(([, yaml = '']) => yaml);
  expect(shown.length).toBeGreaterThan(1);
  for (const yaml of shown) {
    const [, name = ''] = /rules: \[(\w+)\]/.exec(yaml) ?? [];
    const base = `title: a\nname: ${name}\nlogsource: {product: ai_agent, service: guardrail}\ndetection: {one: {decision: deny}, condition: one}\n`;
    const rule = parseRuleFile(`${base}---\ntitle: b\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\n${yaml}`, 'rules.md');
    expect(rule.custom).toEqual({});
  }
});
