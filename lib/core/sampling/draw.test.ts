import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDraw } from './draw';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const newDigest = () => createHash('sha256');
function drawn(lines: readonly string[], by: { seed: string; size: number }) {
  const draw = createDraw<string>(newDigest, by);
  for (const line of lines) draw.push(Buffer.from(line), line);
  return draw.result();
}
/** The same in a few words: every line gets its rank, and the least come first. */
const plainly = (lines: readonly string[], { seed, size }: { seed: string; size: number }) =>
  lines
    .map((of, line) => ({ rank: sha256(`${seed}\n${of}`), line, of }))
    .toSorted((a, b) => (a.rank === b.rank ? a.line - b.line : a.rank < b.rank ? -1 : 1))
    .slice(0, size);

// Few words, so that lines are equal to each other.
const someLines = fc.array(fc.oneof(fc.constantFrom('', 'a', '{"n":1}\r', '🤖'), fc.string()), { maxLength: 60 });

it('draws the lines of least rank, of equal lines the earlier, and names the population', () => {
  fc.assert(
    fc.property(
      someLines,
      fc.stringMatching(/^[A-Za-z0-9._:-]{1,20}$/),
      fc.integer({ min: 1, max: 20 }),
      (lines, seed, size) => {
        const one = drawn(lines, { seed, size });
        expect(one.drawn).toEqual(plainly(lines, { seed, size }));
        const file = lines.map((line) => `${line}\n`).join('');
        expect(one.population).toEqual({
          records: lines.length,
          sizeBytes: Buffer.byteLength(file),
          sha256: sha256(file),
        });
      },
    ),
  );
});

it('draws each line about as often as any other, over many seeds', () => {
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`);
  const times = new Map<string, number>();
  const SEEDS = 4_000;
  for (let seed = 0; seed < SEEDS; seed += 1)
    for (const { of } of drawn(lines, { seed: `${seed}`, size: 5 }).drawn) times.set(of, (times.get(of) ?? 0) + 1);
  // A quarter of the times each, give or take five standard deviations.
  for (const line of lines) expect(Math.abs((times.get(line) ?? 0) / SEEDS - 0.25)).toBeLessThan(0.035);
});

it('is not moved by what is written later, but where that takes a place itself', () => {
  const lines = Array.from({ length: 200 }, (_, n) => `line ${n}`);
  const before = drawn(lines.slice(0, 150), { seed: 's', size: 20 }).drawn.map(({ of }) => of);
  const after = drawn(lines, { seed: 's', size: 20 }).drawn.map(({ of }) => of);
  expect(after.filter((of) => before.includes(of))).toEqual(before.filter((of) => after.includes(of)));
  expect(after.filter((of) => !before.includes(of)).every((of) => lines.indexOf(of) >= 150)).toBe(true);
});
