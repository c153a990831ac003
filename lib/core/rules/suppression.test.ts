import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { matches } from './matches';
import { leastRecords, parseSuppression } from './suppression';

const DOCUMENT = readFileSync(path.join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');
const FILTER = /^## Suppressions$.*?```yaml\n(.*?)```/ms.exec(DOCUMENT)?.[1] ?? '';

it('reads the filter that the document shows: it keeps what is not selected', () => {
  const { title, rules, keeps } = parseSuppression(FILTER, 'filter');
  expect({ title, rules: rules.map(({ name }) => name) }).toEqual({
    title: 'The test bench is refused on purpose',
    rules: ['6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a13'],
  });
  const event = { recorded_at: '2026-05-11T08:00:00Z', agent: 'bench-bot' };
  expect(matches(keeps, event)).toBe(false);
  expect(matches(keeps, { ...event, agent: 'coder' })).toBe(true);
});

it.each([
  ['no rule', FILTER.replace(/rules: .*/, 'rules: []'), /^filter:2:10: filter\.rules: must name/],
  ['any rule', FILTER.replace(/rules: .*/, 'rules: ANY'), /^filter:2:10: filter\.rules: a suppression names/],
  ['no condition', FILTER.replace(/ {2}condition.*\n/, ''), /filter\.condition/],
  ['another log source', FILTER.replace('ai_agent', 'windows'), /^filter:7:22: logsource\.product/],
  ['two filters', `${FILTER}---\n${FILTER}`, /holds a second document/],
])('refuses %s with its place', (_name, yaml, message) => {
  expect(() => parseSuppression(yaml, 'filter')).toThrow(message);
});

const rule = (conditions: string, more = '') => `title: Many
id: 6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a13
correlation: {type: event_count, rules: [one], group-by: [agent], timespan: 5m, condition: {${conditions}}${more}}
---
title: One
name: one
logsource: {product: ai_agent, service: guardrail}
detection: {one: {decision: deny}, condition: one}
`;
it.each([
  ['as many as its condition asks for', rule('gte: 5'), 5],
  ['one more than what it has to exceed', rule('gt: 5'), 6],
  ['one, of scarce matches', rule('lt: 5'), 1],
  ['one, where its rules find something by themselves', rule('gte: 5', ', generate: true'), 1],
  ['one, of a text that is not read', 'title: none', 1],
])('a finding takes %s', (_name, yaml, least) => {
  expect(leastRecords(yaml)).toBe(least);
});
