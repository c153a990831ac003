import { expect, it } from 'vitest';
import { catalogRules } from '../../testing/catalog';
import { TECHNIQUES } from './atlas';
import { atlasCoverage } from './atlas-coverage';

it('counts rules that run by technique, in the tactics of the matrix', () => {
  const coverage = atlasCoverage([
    { atlas: ['AML.T0053', 'AML.T0086', 'AML.T0053'], isEnabled: true },
    { atlas: ['AML.T0053', 'AML.T9999'], isEnabled: true },
    { atlas: ['AML.T0051'], isEnabled: false },
  ]);
  expect(coverage.techniques).toBe(3);
  expect(
    coverage.tactics.map(({ name, techniques }) => [name, ...techniques.map(({ id, rules }) => `${id} ${rules}`)]),
  ).toEqual([
    ['Execution', 'AML.T0053 2'],
    ['Privilege Escalation', 'AML.T0053 2'],
    ['Exfiltration', 'AML.T0086 1'],
    ['Other', 'AML.T9999 1'],
  ]);
  expect(coverage.empty).toContain('Reconnaissance');
});

it('knows every technique that the rules that ship name', () => {
  expect(catalogRules().flatMap(({ rule }) => rule.atlas.filter((id) => id.includes('.T') && !TECHNIQUES[id]))).toEqual(
    [],
  );
});
