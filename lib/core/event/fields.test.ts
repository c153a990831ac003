import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../bytes/lines';
import { FORMATS } from '../formats';
import { readObject } from '../formats/read-line';
import { describeFields } from './describe-fields';
import { COLUMNS, EVENT_FIELDS, type NormalisedEvent } from './fields';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const DOC = path.join(ROOT, 'docs/events.md');

it('is written down in docs/events.md as it is', () => {
  if (process.env['SEALTRAIL_WRITE_DOCS']) writeFileSync(DOC, describeFields());
  expect(readFileSync(DOC, 'utf8')).toBe(describeFields());
});

it('is what browsers are given, without what of each format fills it', async () => {
  const columns = COLUMNS.map((column) => ({
    name: column.name,
    key: column.key,
    type: column.type,
    ...('label' in column && { label: column.label }),
    ...('also' in column && { also: column.also }),
    about: column.about,
  }));
  if (process.env['SEALTRAIL_WRITE_DOCS'])
    writeFileSync(
      path.join(import.meta.dirname, 'columns.browser.ts'),
      `// Written from fields.ts by its test, as CONTRIBUTING.md says.\n\n/** \`COLUMNS\` as pages need them. */\nexport const COLUMNS = ${JSON.stringify(columns)} as const;\n`,
    );
  expect((await import('./columns.browser')).COLUMNS).toEqual(columns);
});

/** What no sample holds. */
const RARE: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  occasio: [{ kind: 'tool_call', tool_inputs: { url: 'https://example.com/' } }],
  arbiter: [{ arguments: { url: 'https://example.com/' }, added_later: 'x' }],
  nono: [{ event: { type: 'network', event: { spiffe_context: { delegation: { authorized_by: 'ana' } } } } }],
  agentfence: [{ arguments: { token: '[REDACTED]', url: 'https://example.com/' } }],
  vouch: [{ event: 'proposal.create', data: { session_id: 's-1', model: 'm-1', url: 'https://example.com/' } }],
};

/** Events of every sample of a format. */
function eventsOf({ id, toEvent }: (typeof FORMATS)[number]): NormalisedEvent[] {
  const folder = path.join(ROOT, 'lib/core/formats', id, 'fixtures');
  const events: NormalisedEvent[] = (RARE[id] ?? []).map(toEvent);
  const splitter = createLineSplitter(({ bytes }) => {
    try {
      events.push(toEvent(readObject(bytes)));
    } catch {
      // some samples hold lines that are no record
    }
  });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(jsonl|ndjson)$/.test(name),
  )) {
    splitter.push(readFileSync(path.join(folder, file)));
    splitter.push(Buffer.from('\n'));
  }
  splitter.end();
  return events;
}

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const events = eventsOf(format);
  it.each(EVENT_FIELDS.map((field) => [field.name, field] as const))(
    '%s is filled by it when the list says so, and else never',
    (_, { key, type, from }) => {
      const isStated = (event: NormalisedEvent) =>
        event[key] !==
        (type === 'time' ? null : type === 'decision' ? 'info' : type === 'text' || type === 'word' ? '' : 0);
      expect(events.some(isStated)).toBe(id in from);
    },
  );
});
