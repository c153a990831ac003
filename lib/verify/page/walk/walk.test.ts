import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../log/head';
import { FORMATS } from '../../../core/formats';
import { createHasher } from '../../../crypto/hasher';
import { fixture, fixtureNames } from '../../../testing/fixtures';
import { briefly, verifySegments } from '../../../testing/verify';
import { isCutAt, joinWalk } from './join-walk';
import { type ByteRange, keyOf, walkLog } from './walk-log';

const hasher = await createHasher();
const plainOf = (bytes: Uint8Array, chunkBytes: number) => {
  async function* open() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield Uint8Array.from(bytes.subarray(at, at + chunkBytes));
  }
  return openFile('x', open);
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  it('a walk comes to what checking the whole at once does, wherever it is cut', async () => {
    expect.hasAssertions();
    const scenario = fc.constantFrom(...fixtureNames(id)).chain((name) => {
      const bytes = fixture(id, name);
      const at = fc.nat(bytes.length);
      const lineEnd = at.map((from) => bytes.indexOf('\n', from) + 1);
      return fc.tuple(
        fc.constant(name),
        fc.array(fc.tuple(fc.oneof(at, lineEnd), fc.oneof(at, lineEnd)), { maxLength: 6 }),
        fc.integer({ min: 500, max: 100_000 }),
      );
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ([name, pairs, chunkBytes]) => {
        const bytes = fixture(id, name);
        const ranges: ByteRange[] = pairs.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
        const plain = plainOf(bytes, chunkBytes);
        const walk = await walkLog(plain, { format, hasher, ranges });
        for (const range of ranges.filter(({ from, to }) => to > from))
          expect(walk.rangeDigests.get(keyOf(range))).toBe(sha256(bytes.subarray(range.from, range.to)));
        expect(walk.sha256).toBe(sha256(bytes));
        const joined = await joinWalk([{ plain, walk }], { hasher });
        const whole = verifySegments(format, hasher, [bytes]);
        expect([joined.verdict, joined.records, joined.head, joined.problemCounts]).toEqual([
          whole.verdict,
          whole.records,
          whole.head,
          whole.problemCounts,
        ]);
        const shown = briefly(joined.problems);
        expect(shown).toHaveLength(Math.min(200, whole.problems.length));
        expect(briefly(whole.problems)).toEqual(expect.arrayContaining(shown));
        expect(shown).toEqual(
          expect.arrayContaining(briefly(whole.problems.filter(({ severity }) => severity === 'error')).slice(0, 1)),
        );

        for (const { to } of ranges.filter(
          (range) => range.to < bytes.length && isCutAt([{ plain, walk }], range.to),
        )) {
          const part = await joinWalk([{ plain, walk }], { hasher, to });
          const expected = verifySegments(format, hasher, [bytes.subarray(0, to)]);
          expect([part.verdict, part.records, part.head]).toEqual([expected.verdict, expected.records, expected.head]);
        }
      }),
      // Checked up to a place before which a record comes too early.
      { numRuns: 40, ...(id === 'arbiter' && { examples: [[['reordered', [[606, 38_400]], 500]]] }) },
    );
  });
});

it('ranges that reach past the end have no digest', async () => {
  const bytes = fixture('occasio', 'valid');
  const { rangeDigests } = await walkLog(plainOf(bytes, 1000), {
    format:
      FORMATS[0] ??
      (() => {
        throw new Error('no format');
      })(),
    hasher,
    ranges: [
      { from: 0, to: bytes.length + 1 },
      { from: 5, to: 6 },
    ],
  });
  expect([...rangeDigests.keys()]).toEqual(['5-6']);
});
