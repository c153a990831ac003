import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type IntegrityRule, parseIntegrityRule } from '../core/rules/integrity/parse';
import { type RuleFile } from '../core/rules/rule';
import { parseRuleFile } from '../core/rules/parse';

const root = fileURLToPath(new URL('../core/rules/catalog/', import.meta.url));
const integrityRoot = fileURLToPath(new URL('../core/rules/integrity/catalog/', import.meta.url));

/** Every rule that ships. */
export function catalogRules(): { name: string; rule: RuleFile }[] {
  return readdirSync(root)
    .filter((name) => name.endsWith('.yml'))
    .toSorted()
    .map((name) => ({ name, rule: parseRuleFile(readFileSync(`${root}${name}`, 'utf8'), name) }));
}

/** Every rule about chains themselves that ships, with its text. */
export function integrityRules(): { name: string; yaml: string; rule: IntegrityRule }[] {
  return readdirSync(integrityRoot)
    .toSorted()
    .map((name) => {
      const yaml = readFileSync(`${integrityRoot}${name}`, 'utf8');
      return { name, yaml, rule: parseIntegrityRule(yaml, name) };
    });
}
