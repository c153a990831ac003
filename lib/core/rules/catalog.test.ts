import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogRules, integrityRules } from '../../testing/catalog';
import { evaluateRule } from './evaluate';
import { LEVELS, type RuleFile } from './rule';

const DOC = new URL('../../../docs/rule-catalog.md', import.meta.url);
const rules = catalogRules();
const ofChains = integrityRules();

describe.each(rules)('$name', ({ name, rule }) => {
  it('shows by example what it finds and what it leaves alone', () => {
    expect(rule.examples.some(({ findings }) => findings > 0)).toBe(true);
    expect(rule.examples.some(({ findings }) => findings === 0)).toBe(true);
  });

  it('says what it is about, when it may be harmless and what to do', () => {
    // What people do in Sealtrail is no attack on an agent, unless it says so.
    expect(isOfActivity(name) || rule.atlas.length > 0).toBe(true);
    expect(isOfActivity(name) || rule.owasp.length > 0).toBe(true);
    expect(rule.falsePositives).not.toEqual([]);
    expect(rule.runbook).not.toBe('');
    expect(rule.tags).toEqual([]); // of namespaces that are none of Sigma's
  });

  it.each(rule.examples)('$name', ({ events, findings }) => {
    expect(evaluateRule(rule, events)).toHaveLength(findings);
  });
});

it('has an id of its own for every rule', () => {
  // a rule by itself is its own base
  const ids = [
    ...rules.flatMap(({ rule }) => [...new Set([rule.id, ...rule.bases.map(({ id }) => id)])]),
    ...ofChains.map(({ rule }) => rule.id),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

function isOfActivity(name: string): boolean {
  return readFileSync(new URL(`catalog/${name}`, import.meta.url), 'utf8').includes('\n  product: sealtrail\n');
}

/** `SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit lib/core/rules` writes it. */
it('is described in docs/rule-catalog.md', () => {
  if (process.env['SEALTRAIL_WRITE_DOCS']) writeFileSync(DOC, describeRules());
  expect(readFileSync(DOC, 'utf8')).toBe(describeRules());
});

type Described = Pick<RuleFile, 'title' | 'description' | 'level' | 'atlas' | 'owasp' | 'falsePositives' | 'runbook'>;

function describeOne(name: string, rule: Described, counts: string): string {
  return `## ${rule.title}

${rule.description}

- \`${name}\`, ${rule.level}, ${counts}
${frameworks(rule)}- May be harmless: ${rule.falsePositives.map((text) => text.replace(/\.$/, '')).join('; ')}.
- What to do: ${rule.runbook}
`;
}

function frameworks({ atlas, owasp }: Described): string {
  const ids = [
    ...(atlas.length > 0
      ? [`ATLAS ${atlas.map((id) => `[${id}](https://atlas.mitre.org/techniques/${id})`).join(', ')}`]
      : []),
    ...(owasp.length > 0 ? [`OWASP ${owasp.join(', ')}`] : []),
  ];
  return ids.length > 0 ? `- ${ids.join('; ')}\n` : '';
}

function worstFirst<T extends { rule: Described }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => LEVELS.indexOf(a.rule.level) - LEVELS.indexOf(b.rule.level));
}

function describeRules(): string {
  const ofRecords = worstFirst(rules).map(({ name, rule }) => {
    const { type, timespan, groupBy } = rule.correlation;
    const alone = rule.bases[0]?.id === rule.id;
    const by = groupBy.length > 0 ? ` by \`${groupBy.join('`, `')}\`` : '';
    return describeOne(name, rule, alone ? 'each record' : `\`${type}\` in ${timespan}${by}`);
  });
  const aboutChains = worstFirst(ofChains).map(({ name, rule }) =>
    describeOne(name, rule, `${rule.field} \`${rule.values.join('`, `')}\``),
  );
  return `# Rules that ship

Worst first. Each is a file of \`lib/core/rules/catalog/\`, with examples of what it finds and what it leaves alone; [rules](rules.md) says how they are read.
Those about chains themselves, in \`lib/core/rules/integrity/catalog/\`, follow them.

${[...ofRecords, ...aboutChains].join('\n')}`;
}
