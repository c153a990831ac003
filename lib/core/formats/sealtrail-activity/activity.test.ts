import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixture } from '../../../testing/fixtures';
import { evaluateRule } from '../../rules/evaluate';
import { parseRuleFile } from '../../rules/parse';
import { toEvent } from './to-event';

const DOCUMENT = readFileSync(new URL('../../../../docs/activity.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(DOCUMENT)?.[1] ?? '';
const written = (action: string) =>
  fixture('sealtrail-activity', 'every-action')
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes(`"action":"${action}"`))
    .map((line): Record<string, unknown> => JSON.parse(line));

it('is described with a line as it is written', () => {
  const [sealed] = written('chain.seal');
  const described = JSON.parse(block('json'));
  expect(Object.keys(described)).toEqual(Object.keys(sealed ?? {}));
  expect(Object.keys(described.body)).toEqual(Object.keys(sealed?.['body'] ?? {}));
  expect(toEvent(described)).toMatchObject({
    recordedAt: '2026-11-30T22:42:23.108Z',
    agent: 'sealtrail',
    tool: 'chain.seal',
    decision: 'allow',
    actor: 'ada@example.org',
    delegator: 'person',
    policy: 'administrator',
    kind: 'chain',
  });
});

it('is what the rule of its description runs over: a key rotated at night is found, one by day and a call of an agent are not', () => {
  const rule = parseRuleFile(block('yaml'), 'activity.md');
  const [rotated] = written('signing-key.rotate').map(toEvent);
  const at = (recorded_at: string, format: string) =>
    evaluateRule(rule, [{ recorded_at, format, tool: rotated?.tool ?? '', actor: rotated?.actor ?? '' }]).length;
  expect(at('2026-11-30T22:42:22Z', 'sealtrail-activity')).toBe(1);
  expect(at('2026-11-30T12:00:00Z', 'sealtrail-activity')).toBe(0);
  expect(at('2026-11-30T22:42:22Z', 'occasio')).toBe(0);
});
