import { expect, it } from 'vitest';
import { fixtureText } from '../../../testing/fixtures';
import { readTree } from '../../json/tree';
import { goEventText, readGoEvent } from './event';

const cases: { line: string; written?: string; refusal?: string }[] = JSON.parse(
  fixtureText('agentfence', 'go-remarshal.json'),
);

it.each(cases)('makes of $line what Go does', ({ line, written, refusal }) => {
  const tree = readTree(line);
  const event = tree && readGoEvent(tree);
  expect(event && 'refusal' in event ? event.refusal : undefined).toBe(refusal);
  expect(
    event && 'values' in event
      ? goEventText(event, { shortEscapes: true, numbers: 'float64' }, { sealed: false })
      : undefined,
  ).toBe(written);
});
