import { describe, expect, it } from 'vitest';
import { parseSearch } from '../search/parse';
import { matchesSearch } from '../search/matches';
import { matches } from './matches';
import { parsePattern } from './pattern';
import { parseRuleFile } from './parse';
import { NoRuleError, ruleOfSearch } from './of-search';
import type { ExampleEvent, Pattern } from './rule';
import { writePattern } from './write-pattern';

const DRAFT = { id: '6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0a01', title: 'A search', description: 'of the explorer' };
const textOf = (q: string) => ruleOfSearch(parseSearch(q).search, DRAFT);

const RECORDS: Partial<ExampleEvent>[] = [
  { decision: 'deny', tool: 'bash', agent: 'release-bot', secrets_redacted: 3, target: '/etc/passwd' },
  { decision: 'deny', tool: 'read_file', agent: 'coder', secrets_redacted: 0, target: 'C:\\Users\\*?' },
  { decision: 'allow', tool: 'Bash', agent: 'coder', reason: 'curl is fine', target: '' },
  { decision: 'allow', tool: 'http', agent: '', reason: 'curling', kind: 'tool_call', cost_usd: 0.5 },
];

describe('a search as a rule', () => {
  it.each([
    'decision:deny',
    'decision:deny tool:bash',
    'tool:bash OR tool:http',
    'tool:"bash"',
    'decision:deny -tool:bash',
    '(decision:deny OR tool:http) -agent:coder',
    'secrets_redacted>=1',
    'secrets_redacted:0',
    'cost>0.1',
    'target:*',
    '-target:*',
    'tool:ba*',
    'agent:?oder',
    String.raw`target:"C:\\Users\\*?"`,
    'curl',
    '"curl is"',
    'curl*',
    '-curl',
    'decision:deny (tool:bash OR tool:read_file) secrets_redacted>0',
    'tool:bash tool:b*',
    '',
  ])('%s finds the same records', (q) => {
    const { search } = parseSearch(q);
    const rule = parseRuleFile(textOf(q), 'rule.yml');
    const where = rule.bases[0]?.where;
    for (const record of RECORDS) {
      const event = { recorded_at: '2026-05-01T00:00:00Z', kind: 'x', ...record };
      expect([q, record.tool, where && matches(where, event)]).toEqual([
        q,
        record.tool,
        matchesSearch(search, { chainName: 'c', fields: event as Parameters<typeof matchesSearch>[1]['fields'] }), // an event has more
      ]);
    }
  });

  it('reads as a person would write it', () => {
    expect(textOf('decision:deny (tool:bash OR tool:http)')).toContain(`detection:
  decision:
    decision: deny
  tool:
    tool:
      - bash
      - http
  condition: decision and tool
`);
    expect(textOf('decision:deny tool:bash')).toContain(`detection:
  selection:
    decision: deny
    tool: bash
  condition: selection
`);
  });

  it.each(['chain:web', 'time>=2026-05-01T00:00:00Z', 'tool:bash OR ordinal:3'])('%s is refused by name', (q) => {
    expect(() => textOf(q)).toThrow(NoRuleError);
  });
});

it.each<Pattern>([[{ text: String.raw`a\*b\\` }, 'any', 'one'], ['any', { text: '?' }], [{ text: '\\' }]])(
  'a pattern that is written is read as the same',
  (...pattern) => {
    expect(parsePattern(writePattern(pattern))).toEqual(pattern);
  },
);
