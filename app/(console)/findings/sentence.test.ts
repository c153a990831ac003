import { describe, expect, it } from 'vitest';
import type { Decision } from '@/lib/core/event/fields';
import { baselineWords } from './baseline-words';
import { findingSentence } from './sentence';

const told = (
  tool: string,
  decision: Decision = 'deny',
  more: { target?: string; agent?: string; secrets?: number } = {},
) => ({
  agent: more.agent ?? 'infra-operator',
  tool,
  target: more.target ?? '',
  decision,
  secretsRedacted: more.secrets ?? 0,
});
const of = (recordCount: number, lastedMs: number, kind: 'event_count' | 'new_terms' = 'event_count') => ({
  group: { session_id: 's-1' },
  recordCount,
  lastedMs,
  measures: { kind, count: recordCount, threshold: 5, timespan: '15m' },
});
const MINUTE = 60_000;

describe('a sentence of a finding', () => {
  it.each([
    [
      'many refused tools, those tried most first',
      of(14, 9 * MINUTE + 4_000),
      ['a', 'b', 'c', 'd', ...Array<string>(5).fill('drop_table'), ...Array<string>(5).fill('delete_customer')].map(
        (tool) => told(tool),
      ),
      'infra-operator tried drop_table, delete_customer and 4 other refused tools 14 times in 9 minutes.',
    ],
    [
      'two',
      of(2, 400),
      [told('bash'), told('curl')],
      'infra-operator tried bash and curl, which were refused, twice within a second.',
    ],
    [
      'one tool on several targets',
      of(3, 3_600_000),
      ['x', 'y', 'z'].map((target) => told('rm', 'deny', { target })),
      'infra-operator tried rm on x, y and 1 other target, which was refused, 3 times in 1 hour.',
    ],
    [
      'a single record',
      of(1, 0),
      [told('read_file', 'allow', { target: '/srv/.env' })],
      'infra-operator used read_file on /srv/.env once.',
    ],
    [
      'secrets',
      of(8, 2 * 86_400_000),
      Array.from({ length: 8 }, () => told('read_file', 'transform', { secrets: 2, agent: 'storefront-coder' })),
      'storefront-coder had secrets redacted, calling read_file 8 times in 2 days.',
    ],
    [
      'different decisions',
      of(4, 5_000),
      [told('deploy'), told('deploy'), told('deploy'), told('deploy', 'allow')],
      'infra-operator called deploy 4 times in 5 seconds: 3 refused, 1 allowed.',
    ],
    [
      'several agents',
      of(3, 5_000),
      ['a', 'b', 'c'].map((agent) => told('bash', 'error', { agent })),
      'a, b and 1 other agent failed at bash 3 times in 5 seconds.',
    ],
    [
      'nobody named',
      of(1, 0),
      [told('bash', 'ask', { agent: '' })],
      'A session of no named agent asked for bash once.',
    ],
    [
      'something new',
      of(1, 0, 'new_terms'),
      [told('bash', 'allow')],
      'infra-operator used bash once, as it had not before.',
    ],
  ])('names %s', (_, finding, records, sentence) => {
    expect(findingSentence(finding, records)).toBe(sentence);
  });

  it.each([
    [{ perWindow: 5, ratio: 6.2, history: '7d' }, '6.2 times the 5 it had in as long over the 7 days before.'],
    [
      { perWindow: 0.4, ratio: 15.5, history: 'all' },
      '15.5 times the 2 that its history counts as at least; it had 0.4 in as long over all the time before.',
    ],
  ])('states what its history has: %o', (baseline, words) => {
    const measures = { ...of(31, 0).measures, kind: 'baseline' as const, timespan: '10m' };
    const finding = {
      ...of(31, 9 * MINUTE),
      measures: { ...measures, baseline: { ...baseline, of: 'event_count' as const } },
    };
    expect(findingSentence(finding, [told('bash')])).toBe(
      `infra-operator tried bash, which was refused, 31 times in 9 minutes. At most 31 in 10 minutes: ${words}`,
    );
    const after = (perWindow: number | null) =>
      baselineWords({ ...measures, baseline: { of: 'event_count', history: '7d', perWindow, ratio: null } });
    expect(after(null)).toBe('At most 31 in 10 minutes, after too little history to compare it with.');
    expect(after(0)).toBe('At most 31 in 10 minutes, after none in the 7 days before.');
  });

  it('is left out where no record says anything, and cuts what is long', () => {
    expect(findingSentence(of(5, 0), [])).toBeNull();
    expect(findingSentence(of(1, 0), [told(`${'x'.repeat(59)}😀y`)])).toBe(
      `infra-operator tried ${'x'.repeat(59)}…, which was refused, once.`,
    );
  });
});
