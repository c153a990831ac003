import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMATS } from '../../core/formats';
import { fixture } from '../../testing/fixtures';
import { isStrayLine } from './stray-line';

const records = FORMATS.flatMap(({ id }) =>
  fixture(id, 'valid')
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

it.each([
  'Server started on port 8080',
  'level=info msg="started" port=8080',
  '2026-06-01 12:00:00 [INFO] ready',
  '\u001b[32mready\u001b[0m',
  'Grüße',
  '"text"',
  '[1,2]',
  '{"level":"info","msg":"ready"}',
  '{}',
  '---',
])('%j is no record at all', (line) => {
  expect(isStrayLine(Buffer.from(line))).toBe(true);
});

it('takes no record, whole or torn anywhere, for one', () => {
  expect(records.length).toBeGreaterThan(500);
  for (const line of records) expect(isStrayLine(Buffer.from(line))).toBe(false);
  const torn = fc.tuple(fc.constantFrom(...records), fc.nat(), fc.constantFrom('front', 'back'));
  fc.assert(
    fc.property(torn, ([line, at, kept]) => {
      const cut = 1 + (at % (line.length - 1));
      const piece = kept === 'front' ? line.slice(0, cut) : line.slice(cut);
      expect(isStrayLine(Buffer.from(piece))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['an empty line', Buffer.from('')],
  ['blanks', Buffer.from('  \t')],
  ['zero bytes', Buffer.from('abc\0def')],
  ['no UTF-8', Buffer.from([0x41, 0xff, 0x42])],
  ['a long piece', Buffer.alloc(5_000, 0x61)],
  [
    'a record without its hash',
    Buffer.from(
      JSON.stringify({ ...JSON.parse(records.find((line) => line.includes('"audit_schema"')) ?? ''), hash: undefined }),
    ),
  ],
])('keeps %s as evidence', (_, line) => {
  expect(isStrayLine(line)).toBe(false);
});
