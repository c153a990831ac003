import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { type Content, type Writer, contents, hashOf, toBytes, writers } from '../../testing/chains';
import { checkBytes } from '../../testing/verify';
import { type Stretch, compareHistories } from './compare-histories';

const hasher = await createHasher();
const other = (note: string): Content => ({ tool: 'bash', decision: 'deny', note });
const chainAnd = (before: number, after: number) =>
  contents(before + after + 1, 10).chain((list) =>
    fc.tuple(fc.constant(list), fc.integer({ min: before, max: list.length - 1 - after })),
  );

/** Compares two logs, each cut into stretches after so many lines. */
async function compare({ format }: Writer, before: readonly string[], now: readonly string[], cut = 3) {
  const read: string[] = [];
  const objects = new Map<string, Buffer>();
  const stretches = (lines: readonly string[]): Stretch[] => {
    const parts: Stretch[] = [];
    for (let at = 0; at < lines.length; at += cut) {
      const bytes = toBytes(lines.slice(at, at + cut));
      const { check } = checkBytes(format, hasher, bytes);
      const digest = hasher.sha256(bytes);
      objects.set(digest, bytes);
      parts.push({ digest, sizeBytes: bytes.length, records: check.records, lines: check.lines });
    }
    return parts;
  };
  const compared = await compareHistories(format, hasher, stretches(before), stretches(now), async function* (digest) {
    read.push(digest);
    yield objects.get(digest) ?? Buffer.alloc(0);
  });
  return { compared, read };
}

describe.each(Object.values(writers(hasher)))('histories of $format.label', (writer) => {
  const { write } = writer;
  /** The same first `at` records, then others. */
  const branch = (list: readonly Content[], at: number, more: number) =>
    write([...list.slice(0, at), ...Array.from({ length: more }, (_, index) => other(`branch ${index}`))]);

  it('fork at the record where the second one leaves the first', async () => {
    await fc.assert(
      fc.asyncProperty(chainAnd(1, 0), fc.integer({ min: 1, max: 6 }), async ([list, at], more) => {
        const [before, now] = [write(list), branch(list, at, more)];
        const { compared } = await compare(writer, before, now);
        expect(compared).toEqual({
          kind: 'differs',
          shared: at,
          forks: true,
          expected: hashOf(before[at]),
          found: hashOf(now[at]),
          at: {
            record: at,
            line: at + 1,
            byteOffset: toBytes(now.slice(0, at)).length,
            byteLength: Buffer.byteLength(now[at] ?? ''),
          },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('are rewritten when not one record is shared', async () => {
    const before = write([other('a'), other('b')]);
    const { compared } = await compare(writer, before, write([other('c'), other('d'), other('e')]));
    expect(compared).toMatchObject({
      kind: 'differs',
      shared: 0,
      forks: false,
      at: { record: 0, line: 1, byteOffset: 0 },
    });
  });

  it('hold when the first goes on in the second, end when it does not, and skip what both begin with', async () => {
    const list = Array.from({ length: 9 }, (_, index) => other(`record ${index}`));
    const lines = write(list);
    expect(await compare(writer, lines.slice(0, 6), lines)).toEqual({
      compared: { kind: 'holds', shared: 6, altered: null },
      read: expect.arrayContaining([]),
    });
    expect((await compare(writer, lines, lines.slice(0, 7))).compared).toEqual({ kind: 'ends', shared: 7 });
    const { compared, read } = await compare(writer, lines, branch(list, 7, 2));
    expect(compared).toMatchObject({ kind: 'differs', shared: 7 });
    expect(read).toHaveLength(2);
  });

  it('are not called another history for damage, for other spacing, or for one altered record', async () => {
    const lines = write(Array.from({ length: 8 }, (_, index) => other(`record ${index}`)));
    expect((await compare(writer, lines, lines.with(4, '{"torn'))).compared).toMatchObject({
      kind: 'holds',
      shared: 7,
    });
    expect((await compare(writer, lines.with(4, '{"torn'), lines)).compared).toMatchObject({
      kind: 'holds',
      shared: 7,
    });
    const altered = lines.with(5, (lines[5] ?? '').replaceAll('record 5', 'record x'));
    expect((await compare(writer, lines, altered)).compared).toMatchObject({
      kind: 'holds',
      altered: { record: 5, line: 6 },
    });
  });

  it('that lack a record in the middle differ there, and are no fork', async () => {
    const lines = write(Array.from({ length: 8 }, (_, index) => other(`record ${index}`)));
    expect((await compare(writer, lines, lines.toSpliced(4, 1))).compared).toMatchObject({
      kind: 'differs',
      shared: 4,
      forks: false,
      at: { record: 4 },
    });
  });
});
