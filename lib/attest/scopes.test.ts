import { expect, it } from 'vitest';
import { excerptName } from './statements';
import { ChainScope, PeriodScope } from '../schemas/attestation-requests';

it.each([
  [{ kind: 'run', run: 'a\0b' }, false],
  [{ kind: 'session', session: '\ud800' }, false],
  [{ kind: 'session', session: `"quoted" \\ 'and' 日本語 \n` }, true],
  [{ kind: 'run', run: 'x'.repeat(501) }, false],
  [{ kind: 'range', first: 0, last: 2 ** 53 }, false],
] as const)('of a scope of a chain, %j, says %s', (scope, isValid) => {
  expect(ChainScope.safeParse(scope).success).toBe(isValid);
});

it('orders a period by time, and takes it no finer than records are compared', () => {
  const period = (from: string, to: string) => PeriodScope.safeParse({ kind: 'period', from, to });
  expect(period('2026-05-01T00:00:00Z', '2026-05-01T00:00:00.5Z').success).toBe(true);
  expect(period('2026-05-01T00:00:00.5Z', '2026-05-01T00:00:00Z').success).toBe(false);
  expect(period('2026-05-01T00:00:00Z', '2026-05-01T00:00:00.123999Z').data).toMatchObject({
    from: '2026-05-01T00:00:00Z',
    to: '2026-05-01T00:00:00.123Z',
    chainIds: null,
  });
});

it('calls excerpts as any file system can, and no two of a chain alike', () => {
  const named = (chain: string, session: string) =>
    excerptName(chain, {
      scope: { kind: 'session', session },
      covered: { first: 0, last: 1, count: 2, picked: null, segments: [], excerpt: null },
    });
  expect(named('agent', 'sess-1')).toBe('agent.session-sess-1.jsonl');
  expect(named('agent', 'a/b')).not.toBe(named('agent', 'a?b'));
  expect(named('agent', 'x'.repeat(500))).not.toBe(named('agent', `${'x'.repeat(499)}y`));
  expect(named('n'.repeat(200), '/'.repeat(500)).length).toBeLessThan(255);
  expect(named('../..', 'x')).toMatch(/^\w/);
  expect(named('-rf', 'x')).toBe('_rf.session-x.jsonl');
});
