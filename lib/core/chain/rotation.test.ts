import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { copyOf, groupRotated, logNamed, rotatedOutOf } from './rotation';

const grouped = (files: readonly string[]) =>
  groupRotated(files.map((file) => ({ file }))).map(({ log, files: members }) => [
    log,
    ...members.map(({ file }) => file),
  ]);

it('puts the files of a rotated log in the order they were written, in whatever order they are found', () => {
  const written = [
    'a/x.jsonl.20260815T000010.000000000Z',
    'a/x.jsonl.20260815T000010.000000000Z.1',
    'a/x.jsonl.20260815T000010.000000000Z.2.gz',
    'a/x.jsonl.20260816T000010.000000000Z',
    'a/x.jsonl',
  ];
  const numbered = ['b/y.ndjson.10.gz', 'b/y.ndjson.9', 'b/y.ndjson.1', 'b/y.ndjson'];
  const sets = (found: readonly string[]) => grouped(found).toSorted();
  fc.assert(
    fc.property(fc.shuffledSubarray([...written, ...numbered], { minLength: 9 }), (found) => {
      expect(sets(found)).toEqual([
        ['a/x.jsonl', ...written],
        ['b/y.ndjson', ...numbered],
      ]);
    }),
  );
});

it('leaves alone what is no part of a set, and what takes a place that is taken', () => {
  expect(grouped(['x.jsonl', 'x.jsonl.old', 'y.jsonl', '-'])).toEqual([
    ['x.jsonl', 'x.jsonl'],
    ['x.jsonl.old', 'x.jsonl.old'],
    ['y.jsonl', 'y.jsonl'],
    ['-', '-'],
  ]);
  expect(grouped(['x.jsonl', 'x.jsonl.gz', 'x.jsonl', 'x.jsonl']).map((set) => set.length)).toEqual([2, 2, 2, 2]);
  expect(grouped(['x.jsonl.3'])).toEqual([['x.jsonl.3', 'x.jsonl.3']]);
  expect(grouped(['x.jsonl.1', 'x.jsonl.1.gz', 'x.jsonl.2'])).toEqual([
    ['x.jsonl', 'x.jsonl.2', 'x.jsonl.1'],
    ['x.jsonl.1.gz', 'x.jsonl.1.gz'],
  ]);
});
const inOrder = (log: string, names: string[]) => rotatedOutOf(log, names).map(({ name }) => name);

it('knows what was rotated out of a log, oldest first', () => {
  expect(inOrder('x.jsonl', ['x.jsonl', 'x.jsonl.1', 'x.jsonl.10', 'x.jsonl.2'])).toEqual([
    'x.jsonl.10',
    'x.jsonl.2',
    'x.jsonl.1',
  ]);
  expect(
    inOrder('x.jsonl', [
      'x.jsonl.20260815T000010.000000000Z.1',
      'x.jsonl.20260815T000009.999999999Z',
      'x.jsonl.20260815T000010.000000000Z',
    ]),
  ).toEqual([
    'x.jsonl.20260815T000009.999999999Z',
    'x.jsonl.20260815T000010.000000000Z',
    'x.jsonl.20260815T000010.000000000Z.1',
  ]);
  expect(inOrder('x.jsonl', ['x.jsonl-20260816', 'x.jsonl-20260815', 'x.jsonl.20260814'])).toEqual([
    'x.jsonl.20260814',
    'x.jsonl-20260815',
    'x.jsonl-20260816',
  ]);
});

it('leaves other files alone, and a packed copy of one that is there', () => {
  expect(
    inOrder('x.jsonl', ['xx.jsonl', 'x.jsonl2', 'x.jsonl.bak', 'x.jsonl.anchor.json', 'y.jsonl.1', 'x.jsonl.1.tmp']),
  ).toEqual([]);
  expect(rotatedOutOf('x.jsonl', ['x.jsonl.2.gz', 'x.jsonl.1.gz', 'x.jsonl.1'])).toEqual([
    { name: 'x.jsonl.2.gz', isPacked: true },
    { name: 'x.jsonl.1', isPacked: false },
  ]);
});

it.each([
  [
    'logrotate dateext',
    [
      'audit.jsonl-20260601',
      'audit.jsonl-20260602.gz',
      'audit.jsonl-2026060300',
      'audit.jsonl-2026060312',
      'audit.jsonl-20260604-1',
      'audit.jsonl-20260604-2',
      'audit.jsonl-20260604-10',
      'audit.jsonl-20260605123000.zst',
    ],
  ],
  ['logrotate dateext with seconds since 1970', ['audit.jsonl-1780272000', 'audit.jsonl-1780358400.gz']],
  [
    'logrotate extension',
    [
      'audit-20260601.jsonl',
      'audit-20260602.jsonl.gz',
      'audit-2026060312.jsonl',
      'audit-20260604-1.jsonl',
      'audit-20260605T101112Z.jsonl',
    ],
  ],
  ['logrotate extension, numbered', ['audit.12.jsonl', 'audit.2.jsonl.gz', 'audit.1.jsonl']],
  [
    'AgentFence',
    [
      'audit.jsonl.20260815T000009.999999999Z',
      'audit.jsonl.20260815T000010.000000000Z',
      'audit.jsonl.20260815T000010.000000000Z.1',
      'audit.jsonl.20260815T000010.000000000Z.2.gz',
    ],
  ],
  ['lumberjack', ['audit-2026-06-01T12-30-00.000.jsonl', 'audit-2026-06-01T12-30-00.500.jsonl.gz']],
  ['Python', ['audit.jsonl.2026-06-01', 'audit.jsonl.2026-06-02_12-00-00']],
  ['numbers', ['audit.jsonl.10.gz', 'audit.jsonl.2.zst', 'audit.jsonl.1']],
])('joins what %s puts aside to the log, oldest first', (_, rotated) => {
  const at = (names: readonly string[]) => names.map((name) => `var/log/${name}`);
  for (const found of [
    [...rotated, 'audit.jsonl'],
    ['audit.jsonl', ...rotated.toReversed()],
  ])
    expect(grouped(at(found))).toEqual([['var/log/audit.jsonl', ...at(rotated), 'var/log/audit.jsonl']]);
  expect(inOrder('audit.jsonl', [...rotated, 'audit.jsonl'].toSorted())).toEqual(rotated);
});

it('takes a date or a number for a part of the name when nothing proves otherwise', () => {
  const apart = (...names: string[]) => expect(grouped(names)).toEqual(names.map((name) => [name, name]));
  apart('report-20260601.jsonl', 'report-20260602.jsonl', 'audit.jsonl');
  apart('report.1.jsonl', 'report.2.jsonl');
  apart('release-20260601', 'release-20260602');
  apart('session-20260815T000010Z', 'session-20260816T000010Z');
  apart('a/x.jsonl', 'b/x.jsonl-20260601', 'b/x-20260601.jsonl');
  apart(
    'x.jsonl',
    'x.jsonl-20261301',
    'x.jsonl-20260632',
    'x.jsonl-123',
    'x.jsonl-v2',
    'x-2.jsonl',
    'xx-20260601.jsonl',
  );
  apart('-20260601.jsonl', 'a/-20260601.jsonl', '.1');
  expect(grouped(['x.jsonl-20260601', 'x.jsonl-20260602'])).toEqual([
    ['x.jsonl', 'x.jsonl-20260601', 'x.jsonl-20260602'],
  ]);
  expect(
    ['x.jsonl.20260815T000010.000000000Z', 'x.jsonl-20260601', 'x.jsonl.1', 'x-20260601.jsonl', 'x.jsonl'].map(
      logNamed,
    ),
  ).toEqual(['x.jsonl', null, null, null, null]);
});

it('knows a repaired or quarantined copy beside its log', () => {
  const copies = [
    'x.repaired.jsonl',
    'x-repaired.jsonl',
    'x.jsonl-repaired.jsonl',
    'x.quarantine.jsonl',
    'x.quarantined-20260601T000000Z.jsonl',
    'x.corrupt.2.jsonl',
    'x.bak.jsonl',
  ];
  expect(copies.map((name) => copyOf(name, (log) => log === 'x.jsonl'))).toEqual(copies.map(() => 'x.jsonl'));
  expect(
    ['y.repaired.jsonl', 'x-20260601.jsonl', 'repaired.jsonl', 'x.unrepaired.jsonl', 'x.jsonl'].map((name) =>
      copyOf(name, (log) => log === 'x.jsonl'),
    ),
  ).toEqual([null, null, null, null, null]);
});

it('reads 9,999 names of one set a few times each', () => {
  const names = Array.from({ length: 9_999 }, (_, index) => `x.jsonl-20260601-${index}${index % 2 ? '' : '.gz'}`);
  const looks = vi.spyOn(RegExp.prototype, 'exec');
  expect(grouped(names)).toEqual([['x.jsonl', ...names]]);
  expect(looks.mock.calls.length).toBeLessThan(names.length * 10);
  looks.mockRestore();
});
