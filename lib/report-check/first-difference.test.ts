import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from './first-difference';

async function* cut(bytes: Uint8Array, at: readonly number[]) {
  let from = 0;
  for (const to of [...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

describe('the first difference of two streams', () => {
  it('is at the same place however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat(50), { maxLength: 5 }),
        fc.array(fc.nat(50), { maxLength: 5 }),
        async (a, b, cutsOfA, cutsOfB) => {
          let place = 0;
          while (place < a.length && place < b.length && a[place] === b[place]) place += 1;
          const same = place === a.length && place === b.length;
          const found = await firstDifference(cut(a, cutsOfA), cut(b, cutsOfB));
          expect(found?.byte ?? null).toBe(same ? null : place);
        },
      ),
    );
  });

  it('says line and what stands there', async () => {
    const of = (text: string) => cut(Buffer.from(text), [3]);
    expect(await firstDifference(of('one\ntwo\nthree\n'), of('one\ntwi\nthree\n'))).toEqual({
      byte: 6,
      line: 2,
      expected: 'two\nthree\n',
      found: 'twi\nthree\n',
    });
    expect(await firstDifference(of('one\ntwo\n'), of('one\n'))).toMatchObject({ byte: 4, line: 2, found: '' });
  });
});
