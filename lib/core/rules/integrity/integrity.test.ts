import { describe, expect, it } from 'vitest';
import { integrityRules } from '../../../testing/catalog';
import { PROBLEM_VERDICT } from '../../chain/problem';
import { AppError } from '../../errors';
import { OBSERVED } from './observation';
import { isOf, parseIntegrityRule } from './parse';

const rules = integrityRules();

describe.each(rules)('$name', ({ rule }) => {
  it.each(rule.examples)('$name', ({ observed, findings }) => {
    expect(observed.some((seen) => isOf(rule, seen)) ? 1 : 0).toBe(findings);
  });

  it('shows by example what it finds and what it leaves alone, and says what to do', () => {
    expect(rule.examples.map(({ findings }) => findings)).toEqual(expect.arrayContaining([0, 1]));
    for (const said of [rule.atlas, rule.owasp, rule.falsePositives, rule.runbook, rule.description])
      expect(said).not.toHaveLength(0);
  });
});

it('are about every problem that breaks a chain, every alarm and whatever is waited for, each once', () => {
  const values = rules.flatMap(({ rule }) => rule.values.map((value) => `${rule.field} ${value}`)).toSorted();
  const broken = Object.entries(PROBLEM_VERDICT).flatMap(([code, verdict]) =>
    ['verified-with-warnings', 'restarted', 'unchained'].includes(verdict) ? [] : [`problem ${code}`],
  );
  expect(new Set(values).size).toBe(values.length);
  expect(values).toEqual(
    [
      // Bytes that are gone or altered here are a finding of their own.
      ...broken.filter((one) => one !== 'problem unreadable-evidence'),
      'problem restart',
      'problem re-serialised',
      ...OBSERVED.alarm.map((kind) => `alarm ${kind}`),
      ...OBSERVED.waiting.map((kind) => `waiting ${kind}`),
    ].toSorted(),
  );
});

const yaml = rules.find(({ name }) => name === 'forked.yml')?.yaml ?? '';
it.each([
  ["- 'fork'\n  condition", "- 'forks'\n  condition", 'detection.selection.problem'],
  ['condition: selection', 'condition: not selection', 'detection.condition'],
  ['service: chain', 'service: guardrail', 'logsource.service'],
])('refuses %s as %s, with its place', (from, to, place) => {
  expect(parseIntegrityRule(yaml, 'a.yml').values).toEqual(['fork']);
  const refused = () => parseIntegrityRule(yaml.replace(from, to), 'a.yml');
  expect(refused).toThrow(AppError);
  expect(refused).toThrow(new RegExp(`^a\\.yml:\\d+:\\d+: ${place}`));
});
