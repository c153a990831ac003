import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMATS } from '../../core/formats';
import { createHasher } from '../../crypto/hasher';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { joinSources } from './join-sources';
import { streamSource } from './stream-source';
import { verifyLog } from './verify-log';

const hasher = await createHasher();
const LOGS = FORMATS.flatMap(({ id }) => fixtureNames(id).map((name) => ({ format: id, name })));

function sourceOf(bytes: Uint8Array, segmentBytes: number) {
  const open = async function* () {
    for (let at = 0; at < bytes.length; at += 5000) yield bytes.slice(at, at + 5000);
  };
  return streamSource(open, hasher, { original: 'small', segmentBytes });
}

it('a log comes out the same from any files it was cut into at the ends of lines', async () => {
  const cuts = fc.tuple(fc.constantFrom(...LOGS), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), fc.constantFrom(3000, 40_000_000));
  await fc.assert(
    fc.asyncProperty(cuts, async ([{ format, name }, places, segmentBytes]) => {
      const bytes = fixture(format, name);
      const ends = [...places.map((place) => bytes.indexOf('\n', Math.floor(place * bytes.length)) + 1), bytes.length].toSorted((a, b) => a - b);
      const parts = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      const joined = joinSources(parts.map((part, index) => ({ file: String(index), source: sourceOf(part, segmentBytes) })));
      const { problems, files, original: _, ...found } = await verifyLog(joined, { format, heldProblems: 5 });
      const { problems: expected, files: __, original: ___, ...whole } = await verifyLog(sourceOf(bytes, 40_000_000), { format });
      expect(found).toEqual(whole);
      expect(await Array.fromAsync(problems())).toEqual(await Array.fromAsync(expected()));
      expect(files.map(({ sizeBytes }) => sizeBytes)).toEqual(parts.map(({ length }) => length));
    }),
    { numRuns: 60 },
  );
});
