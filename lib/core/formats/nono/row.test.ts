import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { contents, writers } from '../../../testing/chains';
import { fixtureText } from '../../../testing/fixtures';
import { hostileChain, hostileRecords } from '../../../testing/hostile-chains';
import { mutate, mutations } from '../../../testing/mutate';
import { readLine } from '../read-line';
import { keptRow, rowOf } from './row';

const hasher = await createHasher();
const writer = writers(hasher).nono;
const samples = fixtureText('nono', 'valid.jsonl').trimEnd().split('\n');

/** The row by both ways; null twice for a line that is no record. */
function bothWays(line: Uint8Array | string) {
  const read = readLine(typeof line === 'string' ? Buffer.from(line) : line);
  return 'kind' in read
    ? { kept: null, row: null }
    : { kept: keptRow(read.record, read.text), row: rowOf(read.record, read.text) };
}

it('every row that nono wrote is as it writes it', () => {
  expect(samples.length).toBeGreaterThan(100);
  for (const sample of samples) {
    const { kept, row } = bothWays(sample);
    expect(kept).not.toBeNull();
    expect(kept).toEqual(row);
  }
});

/** Members moved, added, taken out, and values of another kind: what changes which members an event has. */
const reshaped = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(
      ',',
      '{',
      '[',
      '}',
      '"type":',
      'null',
      '[]',
      '"reason":null,',
      '"reason":"x",',
      '1.0',
      '-0',
      '{}',
      '"Denied":',
    ),
    fc.constantFrom(/"[a-z_]+":/g, /,/g, /"[^"]*"/g, /\d+/g, /null/g, /"[a-z_]+":("[^"]*"|null|\d+),/g),
  )
  .map(([where, by, what]) => (event: string) => {
    const matches = [...event.matchAll(what)];
    const match = matches[where % Math.max(1, matches.length)];
    return match
      ? `${event.slice(0, match.index)}${by}${event.slice(match.index + (where % 2) * match[0].length)}`
      : event;
  });

it('a row taken for one that nono wrote reads as it does member by member', () => {
  let kept = 0;
  const expectAlike = (line: Uint8Array | string) => {
    const both = bothWays(line);
    if (both.kept) kept += 1;
    expect(both.kept ?? both.row).toEqual(both.row);
  };
  fc.assert(
    fc.property(fc.nat(), fc.array(reshaped, { maxLength: 3 }), (at, changes) => {
      const sample = samples[at % samples.length] ?? '';
      const begins = sample.indexOf(',"event":') + ',"event":'.length;
      const event = changes.reduce((text, change) => change(text), sample.slice(begins, -1));
      const opening = sample.slice(0, sample.indexOf('"event_json":'));
      expectAlike(`${opening}"event_json":${JSON.stringify(event)},"event":${event}}`);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.nat(), mutations(2), (at, changes) =>
      expectAlike(changes.reduce(mutate, Buffer.from(samples[at % samples.length] ?? ''))),
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(contents(1, 3), hostileRecords(1, 4), (list, records) => {
      for (const line of [...writer.write(list), ...hostileChain(hasher, 'nono', writer, records)]) expectAlike(line);
    }),
    { numRuns: 40 },
  );
  expect(kept).toBeGreaterThan(1000);
});
