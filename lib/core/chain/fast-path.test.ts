import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { contents, resealed, toBytes, writers } from '../../testing/chains';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { mutate, mutations } from '../../testing/mutate';
import { checkBytes } from '../../testing/verify';
import { INPUT_BYTES } from '../fastpath/layout';
import { lineScanner } from '../fastpath/scanner';

const hasher = await createHasher();
const all = Object.values(writers(hasher));

describe.each(all)('the fast path of $format.label', ({ format, write }) => {
  const fastly = (bytes: Uint8Array, chunkBytes: number) => checkBytes(format, hasher, bytes, { chunkBytes });
  const parsed = (bytes: Uint8Array) => checkBytes(format, hasher, bytes, { parseEveryRecord: true });

  it('takes every record of a genuine chain but the first', () => {
    fc.assert(
      fc.property(contents(2, 8), (list) => {
        lineScanner(format)?.forget();
        const bytes = toBytes(write(list));
        const [first = Buffer.alloc(0)] = write(list).map((line) => Buffer.from(line));
        const read = format.check(first, hasher);
        if (read.kind !== 'record' || read.hash === null) throw new Error('the first record must be one');
        const run = lineScanner(format)?.runAt(
          bytes,
          first.length + 1,
          { hash: read.hash, sequence: read.sequence },
          hasher,
        );
        expect(run).toMatchObject({ count: list.length - 1, lastTo: bytes.length - 1 });
      }),
    );
  });

  it.each(fixtureNames(format.id))('comes out as when every record is parsed, on %s', (name) => {
    const bytes = fixture(format.id, name);
    expect(fastly(bytes, 1000)).toEqual(parsed(bytes));
  });

  it('comes out as when every record is parsed, on what was changed, however it is cut into chunks', () => {
    fc.assert(
      fc.property(contents(1, 6), mutations(4), fc.integer({ min: 1, max: 3000 }), (list, changes, chunkBytes) => {
        const bytes = changes.reduce(mutate, toBytes(write(list)));
        expect(fastly(bytes, chunkBytes)).toEqual(parsed(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('comes out as when every record is parsed, on records changed and hashed anew', () => {
    fc.assert(
      fc.property(contents(2, 4), fc.nat(), mutations(3), (list, where, changes) => {
        const lines = write(list);
        const at = 1 + (where % (lines.length - 1));
        const changed = Buffer.from(changes.reduce(mutate, Buffer.from(lines[at] ?? ''))).toString('utf8');
        const bytes = toBytes(lines.with(at, resealed(hasher, format, changed)));
        expect(fastly(bytes, 5000)).toEqual(parsed(bytes));
      }),
      { numRuns: 600 },
    );
  });

  it('comes out as when every record is parsed, on changed samples', () => {
    const lines = fixture(format.id, 'valid').toString('latin1').split('\n');
    fc.assert(
      fc.property(fc.nat({ max: lines.length - 8 }), mutations(3), (from, changes) => {
        const bytes = changes.reduce(mutate, Buffer.from(`${lines.slice(from, from + 6).join('\n')}\n`, 'latin1'));
        expect(fastly(bytes, 700)).toEqual(parsed(bytes));
      }),
      { numRuns: 300 },
    );
  });

  // More than is read at a time, with a record that alone is more.
  const long = write(
    Array.from({ length: 1200 }, (_, index) => ({
      tool: 'bash',
      decision: 'allow' as const,
      note: index === 900 ? 'x'.repeat(300_000) : `${index}`,
    })),
  );
  const longBytes = toBytes(long);

  it('comes out as when every record is parsed, wherever a fault lies in a long log, and however it is cut into chunks', () => {
    const fault = fc.record({
      at: fc.oneof(
        fc.nat({ max: longBytes.length - 1 }),
        fc.integer({ min: INPUT_BYTES - 600, max: INPUT_BYTES + 600 }),
      ),
      bit: fc.nat({ max: 7 }),
    });
    fc.assert(
      fc.property(
        fc.array(fault, { maxLength: 3 }),
        fc.oneof(fc.integer({ min: 100_000, max: 1_000_000 }), fc.integer({ min: 300, max: 5000 })),
        (faults, chunkBytes) => {
          const bytes = Uint8Array.from(longBytes);
          for (const { at, bit } of faults) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          expect(fastly(bytes, chunkBytes)).toEqual(parsed(bytes));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('comes out the same for chunks of a byte', () => {
    const bytes = toBytes(long.slice(0, 6));
    expect(fastly(bytes, 1)).toEqual(parsed(bytes));
  });
});
