import { expect, it } from 'vitest';
import { matches } from '../core/rules/matches';
import { parseSuppression } from '../core/rules/suppression';
import { type Suppressible, suppressionText } from './suppression-text';

const RULE = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a13';
const finding = (group: Record<string, string>): Suppressible => ({
  id: '',
  ruleId: RULE,
  title: 'Burst: "denied" #calls',
  group,
  windowFrom: '2026-05-11T08:00:00Z',
  measures: { kind: 'event_count', count: 1, threshold: 1, timespan: '15m' },
});
const HOSTILE = ['*', 'a?b', String.raw`C:\*\x`, '"quoted" # and: more', 'two\nlines', 'ünïcode 🤖', '%name%'];

it.each(HOSTILE)('leaves out the records of a finding grouped by %j, and no others', (agent) => {
  const { title, rules, keeps } = parseSuppression(suppressionText([finding({ agent, session_id: '' })]), 'filter');
  expect([title, rules.map(({ name }) => name)]).toEqual(['Burst: "denied" #calls', [RULE]]);
  const event = { recorded_at: '2026-05-11T08:00:00Z', agent };
  expect(matches(keeps, event)).toBe(false);
  expect(matches(keeps, { ...event, session_id: 's' })).toBe(true);
  expect(matches(keeps, { ...event, agent: `${agent}x` })).toBe(true);
});

it('leaves out those of several, each group by itself', () => {
  const { keeps } = parseSuppression(
    suppressionText([finding({ agent: 'a' }), finding({ agent: 'b' }), finding({ agent: 'a' })]),
    'filter',
  );
  const of = (agent: string) => matches(keeps, { recorded_at: '2026-05-11T08:00:00Z', agent });
  expect([of('a'), of('b'), of('c')]).toEqual([false, false, true]);
});
