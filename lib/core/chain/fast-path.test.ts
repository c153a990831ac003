import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../hasher';
import { contents, resealed, toBytes, writers } from '../../testing/chains';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { mutate, mutations } from '../../testing/mutate';
import { checkBytes } from '../../testing/verify';
import { createLineSplitter } from './lines';

const hasher = await createHasher();
const all = Object.values(writers(hasher));

describe.each(all)('the fast path of $format.label', ({ format, write }) => {
  const fastly = (bytes: Uint8Array, chunkBytes: number) => checkBytes(format, hasher, bytes, { chunkBytes });
  const carefully = (bytes: Uint8Array) => checkBytes(format, hasher, bytes, { careful: true });

  it('takes every record of a genuine chain but the first', () => {
    fc.assert(
      fc.property(contents(2, 8), (list) => {
        const bytes = toBytes(write(list));
        const fast = format.fast(hasher);
        const before: { hash: string; sequence: number | null }[] = [];
        createLineSplitter(({ bytes: line }) => {
          const read = format.check(line, hasher);
          if (read.kind === 'record' && read.hash !== null) before.push({ hash: read.hash, sequence: read.sequence });
        }).push(bytes);
        let index = 0;
        createLineSplitter(
          () => {},
          (chunk, from) => {
            const to = chunk.indexOf(0x0a, from);
            const { hash, sequence } = before[index - 1] ?? { hash: '', sequence: null };
            expect(fast.follows(chunk, from, to, hash, sequence)).toBe(index > 0);
            expect(index === 0 || fast.hash === before[index]?.hash).toBe(true);
            index += 1;
            return { lines: 1, to: to + 1 };
          },
        ).push(bytes);
        expect(index).toBe(list.length);
      }),
    );
  });

  it.each(fixtureNames(format.id))('comes out as the careful one on %s', (name) => {
    const bytes = fixture(format.id, name);
    expect(fastly(bytes, 1000)).toEqual(carefully(bytes));
  });

  it('comes out as the careful one on what was changed, however it is cut into chunks', () => {
    fc.assert(
      fc.property(contents(1, 6), mutations(4), fc.integer({ min: 1, max: 3000 }), (list, changes, chunkBytes) => {
        const bytes = changes.reduce(mutate, toBytes(write(list)));
        expect(fastly(bytes, chunkBytes)).toEqual(carefully(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('comes out as the careful one on records changed and hashed anew', () => {
    fc.assert(
      fc.property(contents(2, 4), fc.nat(), mutations(3), (list, where, changes) => {
        const lines = write(list);
        const at = 1 + (where % (lines.length - 1));
        const changed = Buffer.from(changes.reduce(mutate, Buffer.from(lines[at] ?? ''))).toString('utf8');
        const bytes = toBytes(lines.with(at, resealed(hasher, format, changed)));
        expect(fastly(bytes, 5000)).toEqual(carefully(bytes));
      }),
      { numRuns: 600 },
    );
  });

  it('comes out as the careful one on changed samples', () => {
    const lines = fixture(format.id, 'valid').toString('latin1').split('\n');
    fc.assert(
      fc.property(fc.nat({ max: lines.length - 8 }), mutations(3), (from, changes) => {
        const bytes = changes.reduce(mutate, Buffer.from(`${lines.slice(from, from + 6).join('\n')}\n`, 'latin1'));
        expect(fastly(bytes, 700)).toEqual(carefully(bytes));
      }),
      { numRuns: 300 },
    );
  });
});
