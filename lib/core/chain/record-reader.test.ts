import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { contents, resealed, toBytes, writers } from '../../testing/chains';
import { fixture, fixtureNames } from '../../testing/fixtures';
import { mutate, mutations } from '../../testing/mutate';
import type { ChainFormat } from './format';
import { createRecordReader } from './record-reader';

const hasher = await createHasher();
const all = Object.values(writers(hasher));

/** All that is given of a log. */
function read(format: ChainFormat, bytes: Uint8Array, chunkBytes: number, parseEveryRecord: boolean) {
  const given: unknown[] = [];
  const reader = createRecordReader(
    format,
    hasher,
    (record, { hash, prev, sequence }) =>
      given.push({ ...record, bytes: Buffer.from(record.bytes).toString('latin1'), hash, prev, sequence }),
    { parseEveryRecord },
  );
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.slice(at, at + chunkBytes));
  reader.end();
  return given;
}

describe.each(all)('records of $format.label', ({ format, write }) => {
  const fastly = (bytes: Uint8Array, chunkBytes: number) => read(format, bytes, chunkBytes, false);
  const parsed = (bytes: Uint8Array) => read(format, bytes, bytes.length + 1, true);

  it('are given where they stand, with what they claim', () => {
    const lines = write(
      Array.from({ length: 3_000 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
    );
    const given = read(format, toBytes(lines), 50_000, false);
    let byteOffset = 0;
    expect(given).toEqual(
      lines.map((line, index) => {
        const checked = format.check(Buffer.from(line), hasher);
        if (checked.kind !== 'record') throw new Error('a writer writes records');
        const { hash, prev, sequence } = checked;
        const bytes = Buffer.from(line).toString('latin1');
        const record = { bytes, line: index + 1, byteOffset, hash, prev, sequence };
        byteOffset += bytes.length + 1;
        return record;
      }),
    );
  });

  it.each(fixtureNames(format.id))('are the same as when each is parsed, in %s', (name) => {
    const bytes = fixture(format.id, name);
    expect(fastly(bytes, 1_000)).toEqual(parsed(bytes));
  });

  it('are the same as when each is parsed, in long logs with faults, however they are cut into chunks', () => {
    const long = toBytes(
      write(
        Array.from({ length: 1_500 }, (_, index) => ({ tool: 'bash', decision: 'deny' as const, note: `${index}` })),
      ),
    );
    fc.assert(
      fc.property(mutations(4), fc.integer({ min: 300, max: 200_000 }), (changes, chunkBytes) => {
        const bytes = changes.reduce(mutate, long);
        expect(fastly(bytes, chunkBytes)).toEqual(parsed(bytes));
      }),
      { numRuns: 20 },
    );
  });

  it('are the same as when each is parsed, where their numbers do not follow one another', () => {
    const calls = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` }));
    const before = write(calls(1_500));
    const last = format.check(Buffer.from(before.at(-1) ?? ''), hasher);
    if (last.kind !== 'record') throw new Error('a writer writes records');
    const bytes = toBytes([...before, ...write(calls(500), { prev: last.hash ?? '', sequence: 9_000 })]);
    expect(fastly(bytes, 1_000_000)).toEqual(parsed(bytes));
  });

  it('are the same as when each is parsed, where some were changed and hashed anew', () => {
    fc.assert(
      fc.property(contents(2, 4), fc.nat(), mutations(3), (list, where, changes) => {
        const lines = write(list);
        const at = 1 + (where % (lines.length - 1));
        const changed = Buffer.from(changes.reduce(mutate, Buffer.from(lines[at] ?? ''))).toString('utf8');
        const bytes = toBytes(lines.with(at, resealed(hasher, format, changed)));
        expect(fastly(bytes, 5_000)).toEqual(parsed(bytes));
      }),
      { numRuns: 300 },
    );
  });
});
