import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createBLAKE3 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { createBrowserHasher } from '../../crypto/hasher-browser';
import { blake3Lanes } from './blake3-lanes';
import { createLaneHasher } from './lanes';
import { sha256Lanes } from './sha256-lanes';

const blake3 = await createBLAKE3();
const ONE_BY_ONE = {
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
  blake3: (bytes: Uint8Array) => blake3.init().update(bytes).digest('hex'),
};
const hashers = { node: await createHasher(), browser: await createBrowserHasher() };
const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 2_654_435_761) >>> 13);

function digests(
  hash: (spans: Int32Array, into: Uint8Array) => unknown,
  spans: readonly (readonly number[])[],
): string[] {
  const into = new Uint8Array(32 * spans.length);
  hash(Int32Array.from(spans.flat()), into);
  return spans.map((_, index) => Buffer.from(into.subarray(32 * index, 32 * index + 32)).toString('hex'));
}

describe.each([
  ['sha256', sha256Lanes],
  ['blake3', blake3Lanes],
] as const)('%s of four messages side by side', (algorithm, lanes) => {
  const hash = createLaneHasher(lanes);
  const expected = (spans: readonly (readonly number[])[]) =>
    spans.map(([from, to]) => ONE_BY_ONE[algorithm](bytes.subarray(from, to)));

  it('is the digest of each, of every length', () => {
    const spans = Array.from({ length: 1025 }, (_, length) => [length, 2 * length]);
    expect(digests((list, into) => expect(hash?.(bytes, list, into)).toBe(true), spans)).toEqual(expected(spans));
  });

  it.each(['node', 'browser'] as const)('is the digest of each wherever they lie, by the hasher for %s', (where) => {
    const span = fc
      .tuple(fc.nat({ max: 60_000 }), fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 9000 })))
      .map(([from, length]) => [from, from + length]);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        expect(digests((list, into) => hashers[where].digests(algorithm, bytes, list, into), spans)).toEqual(
          expected(spans),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is none when a module does not give what is known', () => {
    expect(createLaneHasher({ ...lanes, initial: lanes.initial.with(7, 0) })).toBeNull();
  });
});
