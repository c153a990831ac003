import { expect, it } from 'vitest';
import { catalogRules } from '../../testing/catalog';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cloneText } from './clone';
import { parseRuleFile } from './parse';

const NEW = '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01';

it.each(catalogRules())('$name: a clone is a rule that finds the same under its own id', ({ name, rule }) => {
  const yaml = readFileSync(path.join(import.meta.dirname, 'catalog', name), 'utf8');
  const text = cloneText(yaml, { id: rule.id, newId: NEW });
  const clone = parseRuleFile(text, name);
  expect(clone).toMatchObject({ id: NEW, title: `${rule.title} (copy)`, correlation: rule.correlation });
  expect(clone.custom).toEqual(rule.custom);
  expect(text).toContain(`related:\n  - id: ${rule.id}\n    type: derived\n`);
});
