import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMATS } from '../../core/formats';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { openFileOnce } from '../log/head';
import { verifyLog } from './verify-log';

const LOGS = FORMATS.flatMap(({ id }) => fixtureNames(id).map((name) => ({ format: id, name })));

function fileOf(name: string, bytes: Uint8Array) {
  const open = async function* () {
    for (let at = 0; at < bytes.length; at += 5000) yield bytes.slice(at, at + 5000);
  };
  return openFileOnce(name, open);
}

it('a log comes out the same from any files it was cut into at the ends of lines', async () => {
  const cuts = fc.tuple(
    fc.constantFrom(...LOGS),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
    fc.constantFrom(3000, 40_000_000),
  );
  await fc.assert(
    fc.asyncProperty(cuts, async ([{ format, name }, places, segmentBytes]) => {
      const bytes = fixture(format, name);
      const ends = [
        ...places.map((place) => bytes.indexOf('\n', Math.floor(place * bytes.length)) + 1),
        bytes.length,
      ].toSorted((a, b) => a - b);
      const parts = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      const joined = { files: parts.map((part, index) => fileOf(String(index), part)) };
      const {
        problems,
        files,
        referenceVerifier: _,
        ...found
      } = await verifyLog(joined, { referenceVerifier: 'small', format, segmentBytes, heldProblems: 5 });
      const {
        problems: expected,
        files: __,
        referenceVerifier: ___,
        ...whole
      } = await verifyLog({ files: [fileOf('whole', bytes)] }, { referenceVerifier: 'small', format });
      expect(found).toEqual(whole);
      expect(await Array.fromAsync(problems())).toEqual(await Array.fromAsync(expected()));
      expect(files.map(({ sizeBytes }) => sizeBytes)).toEqual(parts.map(({ length }) => length));
    }),
    { numRuns: 60 },
  );
});
