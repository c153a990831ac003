import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleRecords } from '@/lib/testing/sample-records';
import { OCSF_SCHEMA, ocsfProblems } from '@/lib/testing/ocsf-check';
import { COLUMNS, DECISIONS, type EventRecord } from '../event/fields';
import { FORMATS, type KnownFormat } from '../formats';
import { CLASSES, OCSF_VERSION, classification, crudOf } from './classes';
import { toOcsf } from './to-ocsf';

/** So many samples of a format are held against every decision there is. */
const FEW = 100;
const CHAIN = '0b7f1f6e-6f0c-4c55-9a3e-6a5f0c0ffee0';

function eventsOf(format: KnownFormat): EventRecord[] {
  return sampleRecords(format.id).map((record, ordinal) => ({
    chainId: CHAIN,
    segmentIndex: 3,
    segmentDigest: 'ab'.repeat(32),
    ordinal,
    line: ordinal + 1,
    byteOffset: ordinal * 600,
    byteLength: 600,
    format: format.id,
    ...format.toEvent(record),
    hash: 'cd'.repeat(32),
    prevHash: 'ef'.repeat(32),
    sequence: ordinal,
    integrity: 'ok',
  }));
}

const SAMPLES: Readonly<Record<string, readonly EventRecord[]>> = Object.fromEntries(
  FORMATS.map((format) => [format.id, eventsOf(format)]),
);

/** Every text and number in a value. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const events = SAMPLES[id] ?? [];

  it('keeps to the schema of OCSF with every sample, and with every decision', () => {
    expect(events.length).toBeGreaterThan(100);
    const problems = events.flatMap((event, index) =>
      (index < FEW ? DECISIONS : [event.decision]).flatMap((decision) => ocsfProblems(toOcsf({ ...event, decision }))),
    );
    expect([...new Set(problems)]).toEqual([]);
  });

  it('leaves nothing out that the record states', () => {
    const lost = events.flatMap((event) => {
      const there = new Set(leaves(toOcsf(event)));
      return COLUMNS.flatMap(({ name, key }) => {
        const value = event[key];
        return value === '' || value === null || value === 0 || there.has(value) ? [] : [`${event.kind}: ${name}`];
      });
    });
    expect([...new Set(lost)]).toEqual([]);
  });

  it('keeps to it when the record states nothing', () => {
    const bare = { ...events[0], ...format.toEvent({}) } as EventRecord; // there is a first sample
    expect(ocsfProblems(toOcsf(bare))).toEqual([]);
  });
});

it('is of the version of the schema it is checked against, in which every class may tell of agents', () => {
  expect(OCSF_SCHEMA.version).toBe(OCSF_VERSION);
  for (const { attributes } of Object.values(OCSF_SCHEMA.classes))
    expect(attributes['ai_agent']?.profile).toBe('ai_operation');
});

it.each([
  ['class_uid', 9999],
  ['type_uid', 600_301],
  ['severity_id', 12],
  ['severity', 'Fatal'],
  ['time', '2026-01-01'],
  ['actor', {}],
  ['api', {}],
  ['src_endpoint', undefined],
  ['metadata', { version: OCSF_VERSION, product: { name: 'x' } }],
  ['colour', 'red'],
])('the check sees a wrong %s', (name, value) => {
  const good = toOcsf(SAMPLES['arbiter']?.find(({ tool }) => tool === 'drop_table') as EventRecord); // there is one
  const { [name as 'time']: _, ...without } = good;
  expect(ocsfProblems(good)).toEqual([]);
  expect(ocsfProblems(value === undefined ? without : { ...good, [name]: value })).not.toEqual([]);
});

it('is documented class by class', () => {
  const doc = readFileSync(path.resolve(import.meta.dirname, '../../../docs/ocsf.md'), 'utf8');
  for (const { category, number, name } of Object.values(CLASSES))
    expect(doc).toContain(`| ${category * 1000 + number} ${name} |`);
  expect(doc).toContain(OCSF_VERSION);
});

describe('the table of classes', () => {
  it.each(Object.entries(CLASSES))(
    '%s has the ids and captions of OCSF',
    (_, { category, number, name, activities }) => {
      const known = OCSF_SCHEMA.classes[category * 1000 + number];
      expect(known?.caption).toBe(name);
      expect(known?.category.uid).toBe(category);
      expect(known?.attributes['activity_id']?.enum).toMatchObject(activities);
    },
  );

  it("gives an activity that OCSF has no id for under the writer's own word", () => {
    expect(classification({ class: 'api', activity: 99, word: 'POST /mcp' })).toMatchObject({
      activity_name: 'POST /mcp',
      type_uid: 600_399,
      type_name: 'API Activity: Other',
    });
  });

  it.each([
    ['read_file', 2],
    ['readFile', 2],
    ['github.create_issue', 1],
    ['todo_write', 3],
    ['drop_table', 4],
    ['shell_bash', 99],
    ['', 99],
  ])('reads %s as activity %i', (name, activity) => {
    expect(crudOf(name)).toBe(activity);
  });
});

describe('what a sample is of', () => {
  const classes = (format: string, wanted: (event: EventRecord) => boolean) => [
    ...new Set((SAMPLES[format] ?? []).filter(wanted).map((event) => toOcsf(event).type_uid)),
  ];
  it.each([
    ['nono', 'session_started', [100_701]],
    ['nono', 'session_ended', [100_702]],
    ['nono', 'command_policy', [100_701]],
    ['nono', 'sandbox_runtime', [600_399]],
    ['occasio', 'policy_loaded', [300_410]],
    ['vouch', 'proposal.claim.create', [300_401]],
    ['vouch', 'claim.archive', [300_499]],
    ['vouch', 'session.start', [600_399]],
  ])('%s %s', (format, kind, expected) => {
    expect(classes(format, (event) => event.kind === kind)).toEqual(expected);
  });
  it.each([
    ['nono', 'capability', [100_114]],
    ['agentfence', 'memory.write', [600_303]],
    ['arbiter', 'drop_table', [600_304]],
    ['occasio', 'read_file', [600_302]],
  ])('%s, tool %s', (format, tool, expected) => {
    expect(classes(format, (event) => event.tool === tool)).toEqual(expected);
  });
});

it('says who reviewed a proposal, and how', () => {
  const [vouch] = SAMPLES['vouch'] ?? [];
  expect(
    toOcsf({ ...vouch, kind: 'proposal.claim.reject', agent: 'ana', decision: 'deny' } as EventRecord),
  ).toMatchObject({
    actor: { user: { name: 'ana' } },
    disposition_id: 25,
    disposition: 'Rejected',
    action_id: 2,
  });
});
