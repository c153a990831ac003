import { describe, expect, it } from 'vitest';
import { EVENT_FIELDS } from '../../core/event/fields';
import { formatOfAny, recogniseFormat } from '../../core/formats';
import { readObject } from '../../core/formats/read-line';
import { evaluateRule } from '../../core/rules/evaluate';
import type { ExampleEvent } from '../../core/rules/rule';
import { createHasher } from '../../crypto/hasher';
import { catalogRules } from '../../testing/catalog';
import { sampleWeek } from './week';

const hasher = await createHasher();
const encoder = new TextEncoder();

/** Records of the week as rules see them, each once, by chain. */
function eventsOf(endMs: number): Map<string, ExampleEvent[]> {
  const byChain = new Map<string, ExampleEvent[]>();
  for (const { chain, lines } of sampleWeek(hasher, endMs)) {
    const bytes = lines.map((line) => encoder.encode(line));
    const format = formatOfAny(recogniseFormat(bytes.slice(0, 5)));
    const events = bytes.map((line): ExampleEvent => {
      const event = format.toEvent(readObject(line));
      const named = EVENT_FIELDS.map(({ name, key }) => [name, event[key] ?? '']);
      return { ...Object.fromEntries(named), recorded_at: event.recordedAt ?? '1970-01-01T00:00:00Z' };
    });
    if (events.length > (byChain.get(chain)?.length ?? 0)) byChain.set(chain, events);
  }
  return byChain;
}

describe('the sample week', () => {
  it.each([12, 0])(
    'is quiet but for what was put in it, when it ends at %d',
    (hour) => {
      const found: string[] = [];
      for (const [chain, events] of eventsOf(Date.UTC(2026, 10, 28, hour)))
        for (const { name, rule } of catalogRules())
          for (const { records } of evaluateRule(rule, events))
            found.push(`${chain}: ${rule.level}, ${name}, ${records.length}`);
      expect(found.toSorted()).toEqual([
        'data-pipeline: high, denied-burst.yml, 9',
        'data-pipeline: medium, more-denials-than-before.yml, 9',
        // seldom used, and first late in the week
        'finance-assistant: informational, new-argument-shape.yml, 1',
        'finance-assistant: low, new-tool-of-agent.yml, 1',
        'infra-operator: high, denied-burst.yml, 14',
        // what the attack reached for
        'infra-operator: informational, new-argument-shape.yml, 2',
        'infra-operator: low, new-tool-of-agent.yml, 1',
        'infra-operator: low, new-tool-of-agent.yml, 1',
        'infra-operator: low, new-tool-of-agent.yml, 1',
        'infra-operator: low, new-tool-of-agent.yml, 2',
        'infra-operator: medium, more-denials-than-before.yml, 14',
        // the refusal that was made to look like a permission
        'release-bot: medium, secret-file-read.yml, 1',
        'storefront-coder: medium, secret-redaction-burst.yml, 8',
        'support-copilot: informational, new-argument-shape.yml, 1',
        'support-copilot: low, new-tool-of-agent.yml, 1',
      ]);
    },
    120_000,
  );
});
