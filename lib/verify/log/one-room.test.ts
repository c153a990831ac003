import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const sources = globSync('{app,lib,workers}/**/*.{ts,tsx,mjs}', { cwd: ROOT })
  .filter((file) => !/\.(test|bench|contract)\.|lib\/testing\//.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

/** What is written once, and the files it stands in. */
const WRITTEN_ONCE: [what: string, pattern: RegExp, files: string[]][] = [
  // Ingest writes the segments that others must cut alike; a file on disk is cut by looking around each cut alone.
  [
    'where a segment ends',
    /\bendOfSegment\(/,
    [
      'lib/core/bytes/newline.ts',
      'lib/ingest/segment-cutter.ts',
      'lib/verify/local/segment-ranges.ts',
      'lib/verify/log/check-file.ts',
    ],
  ],
  // Two threads are given bytes as they come to them. A tail is checked by its new lines, an attestation by the records it covers.
  [
    'checking a segment',
    /\bcreateSegmentChecker\(/,
    [
      'lib/attest/standing.ts',
      'lib/core/chain/check-segment.ts',
      'lib/ingest/append/state.ts',
      'lib/ingest/close-tail.ts',
      'lib/verify/local/tasks.ts',
      'lib/verify/log/check-file.ts',
      'lib/verify/server/check-thread.ts',
    ],
  ],
  [
    'looking for hashes',
    /\bcreateLocationScan\(/,
    ['lib/core/chain/hash-locations.ts', 'lib/verify/local/tasks.ts', 'lib/verify/log/locate-hashes.ts'],
  ],
  [
    'placing in the chain what was found in a segment',
    /\b(?:byteOffset|line|record): \w+\.(?:sizeBytes|byteOffset|lines|line|records|record) \+ \w+\.(?:byteOffset|line|record)\b|=> \(?\w+ === null \? null : \w+(?:\.records)? \+ \w+/,
    ['lib/core/chain/offsets.ts'],
  ],
  [
    'going over a log beside its sidecars',
    /\bendFile\(\)/,
    [
      'lib/core/chain/period-walk.ts',
      'lib/core/sidecars/walk.ts',
      'lib/ingest/segment-cutter.ts',
      'lib/ingest/upload.ts',
      'lib/verify/local/verify-log.ts',
      'lib/verify/log/walk-sidecars.ts',
    ],
  ],
  [
    'following the verifier of a format',
    /\.referenceVerifier\?\.\(|createFollower\(/,
    [
      'lib/verify/local/verify-sidecars.ts',
      'lib/verify/local/tasks.ts',
      'lib/verify/local/verify-log.ts',
      'lib/verify/log/follow-reference.ts',
      'lib/verify/server/follow-reference.ts',
      'lib/verify/server/follow-thread.ts',
    ],
  ],
  // A link to nowhere is checked by it, too.
  [
    'where a rotated file begins a chain',
    /\.rotates\b|\{ rotates[,\s]/,
    ['lib/core/chain/check-link.ts', 'lib/verify/log/split-at-beginnings.ts'],
  ],
  // Archives of logs have endings of their own.
  ['what rotation makes of a name', /\bgz\|zst\b/, ['lib/archive/archive.ts', 'lib/core/chain/rotation.ts']],
  // The name of a chain leaves out more endings than a log has.
  ['how a log is called', /jsonl\|ndjson/, ['lib/core/chain/log-name.ts', 'lib/forward/chain-template.ts']],
];

it.each(WRITTEN_ONCE)('%s stands where it is known to', (_, pattern, files) => {
  expect(
    sources
      .filter(({ text }) => pattern.test(text))
      .map(({ file }) => file)
      .toSorted(),
  ).toEqual(files.toSorted());
});

it('what is done with a log needs neither server nor disk', () => {
  const room = sources.filter(({ file }) => file.startsWith('lib/verify/log/'));
  expect(room.length).toBeGreaterThan(7);
  expect(room.filter(({ text }) => /from '(?!\.\/|\.\.\/\.\.\/core\/)/.test(text)).map(({ file }) => file)).toEqual([]);
});
