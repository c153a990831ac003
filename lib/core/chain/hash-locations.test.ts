import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { FORMATS } from '../formats';
import { createLineSplitter, isBlank } from '../bytes/lines';
import { type HashLocations, createLocationScan, recordLocation } from './hash-locations';

const hasher = await createHasher();

describe.each(FORMATS)('a scan of $label for hashes', (format) => {
  /** Every record parsed by itself. */
  function plainly(segments: readonly Uint8Array[]): HashLocations {
    const hashLocations: HashLocations = new Map();
    let record = 0;
    for (const bytes of segments) {
      const splitter = createLineSplitter((line) => {
        const read = isBlank(line) ? null : format.check(line.bytes, hasher);
        if (read?.kind !== 'record') return;
        recordLocation(hashLocations, read.hash, { record });
        if (read.hash !== null && read.computed === read.hash)
          recordLocation(hashLocations, read.prev, { successor: record });
        record += 1;
      });
      splitter.push(bytes);
      splitter.end();
    }
    return hashLocations;
  }

  it.each(fixtureNames(format.id))('finds in %s, and what follows it, what parsing every record finds', (name) => {
    const segments = [fixture(format.id, name), fixture(format.id, 'valid')];
    const expected = plainly(segments);
    for (const wanted of [new Set(expected.keys()), new Set([...expected.keys()].slice(7, 12))]) {
      for (const chunkBytes of [700, 1_000_000]) {
        const scan = createLocationScan(format, hasher, wanted);
        for (const bytes of segments) {
          for (let at = 0; at < bytes.length; at += chunkBytes) scan.push(bytes.subarray(at, at + chunkBytes));
          scan.endSegment();
        }
        expect(scan.end().hashLocations).toEqual(new Map([...expected].filter(([hash]) => wanted.has(hash))));
      }
    }
  });
});
