import { writePattern } from '../core/rules/write-pattern';
import type { Finding } from './findings';

export type Suppressible = Pick<Finding, 'id' | 'ruleId' | 'title' | 'group' | 'windowFrom' | 'measures'>;

/** Of stored evidence and of chains there are no records that a filter could leave out. */
export function isSuppressible({ measures }: Pick<Suppressible, 'measures'>): boolean {
  return measures.kind !== 'evidence';
}

/** A Sigma filter that leaves out the records of what some findings are grouped by, for their rules. */
export function suppressionText(findings: readonly Suppressible[]): string {
  const rules = [...new Set(findings.map(({ ruleId }) => ruleId))];
  const groups = new Map(findings.map(({ group }) => [JSON.stringify(group), group]));
  const selections = [...groups.values()].map((group, index) => {
    const name = groups.size === 1 ? 'selection' : `selection_${index + 1}`;
    const fields = Object.entries(group).map(([field, value]) => `    ${field}: ${valueOf(value)}\n`);
    return `  ${name}:\n${fields.join('')}`;
  });
  const [first] = findings;
  return [
    `title: ${JSON.stringify(findings.length === 1 ? (first?.title ?? '') : 'Known to be harmless')}\n`,
    'logsource: {product: ai_agent, service: guardrail}\n',
    `filter:\n  rules: [${rules.join(', ')}]\n`,
    ...selections,
    `  condition: not ${groups.size === 1 ? 'selection' : '1 of selection_*'}\n`,
  ].join('');
}

/** A text as YAML that means it and no pattern; nothing where a record does not say. */
function valueOf(value: string): string {
  return value === '' ? 'null' : JSON.stringify(writePattern([{ text: value }]));
}
