import { describe, expect, it } from 'vitest';
import { catalogRules } from '../../testing/catalog';
import { evaluateRule } from './evaluate';

const rules = catalogRules();

describe.each(rules)('$name', ({ rule }) => {
  it('shows by example what it finds and what it leaves alone', () => {
    expect(rule.examples.some(({ findings }) => findings > 0)).toBe(true);
    expect(rule.examples.some(({ findings }) => findings === 0)).toBe(true);
  });

  it.each(rule.examples)('$name', ({ events, findings }) => {
    expect(evaluateRule(rule, events)).toHaveLength(findings);
  });
});

it('has an id of its own for every rule', () => {
  // a rule by itself is its own base
  const ids = rules.flatMap(({ rule }) => [...new Set([rule.id, ...rule.bases.map(({ id }) => id)])]);
  expect(new Set(ids).size).toBe(ids.length);
});
