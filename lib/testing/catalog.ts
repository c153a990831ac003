import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RuleFile } from '../core/rules/rule';
import { parseRuleFile } from '../core/rules/parse';

const root = fileURLToPath(new URL('../core/rules/catalog/', import.meta.url));

/** Every rule that ships. */
export function catalogRules(): { name: string; rule: RuleFile }[] {
  return readdirSync(root)
    .filter((name) => name.endsWith('.yml'))
    .toSorted()
    .map((name) => ({ name, rule: parseRuleFile(readFileSync(`${root}${name}`, 'utf8'), name) }));
}
