import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '@/lib/crypto/hasher';
import { foldHashes, TILE_WIDTH } from './tiles';
import { HASH_BYTES, leafHash } from './hash';
import { type SegmentTree, createSegmentTree } from './segment-tree';

const hasher = await createHasher();
const isRecord = (line: Uint8Array) => line[0] === 0x7b && line.at(-1) === 0x7d;

/** What stands in the docstring, line by line. */
function naive(text: string, phase: number, parseEveryRecord: boolean): SegmentTree {
  const records: { line: Buffer; offset: number }[] = [];
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const line = bytes.subarray(start, newline === -1 ? bytes.length : newline);
    const stripped = newline !== -1 && line.at(-1) === 13 ? line.subarray(0, -1) : line;
    if (!/^[ \t\r]*$/.test(line.toString()) && (!parseEveryRecord || isRecord(stripped)))
      records.push({ line, offset: start });
    start = newline === -1 ? bytes.length : newline + 1;
  }
  const leaves = records.map(({ line }) => leafHash(line));
  const lead = (TILE_WIDTH - phase) % TILE_WIDTH;
  const full = Math.max(0, Math.floor((records.length - lead) / TILE_WIDTH));
  const tiles = Array.from({ length: full }, (_, at) =>
    foldHashes(Buffer.concat(leaves.slice(lead + at * TILE_WIDTH, lead + (at + 1) * TILE_WIDTH))),
  );
  return {
    records: records.length,
    head: Buffer.concat(leaves.slice(0, lead)),
    tiles: Buffer.concat(tiles),
    offsets: Array.from({ length: full + 1 }, (_, at) => records[lead + at * TILE_WIDTH]?.offset ?? bytes.length),
    tail: Buffer.concat(leaves.slice(lead + full * TILE_WIDTH)),
  };
}

function built(text: string, phase: number, parseEveryRecord: boolean, chunkBytes: number): SegmentTree {
  const tree = createSegmentTree(hasher, {
    phase,
    recordsIn: parseEveryRecord ? (line) => (isRecord(line) ? [{ from: 0, to: line.length }] : []) : null,
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) tree.push(Uint8Array.from(bytes.subarray(at, at + chunkBytes)));
  const { head, tiles, tail, ...rest } = tree.end();
  return { head: Buffer.from(head), tiles: Buffer.from(tiles), tail: Buffer.from(tail), ...rest };
}

describe('createSegmentTree', () => {
  it('gives the tree of its lines, wherever the bytes are cut and the segment begins', () => {
    const Line = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 99_999 }).map((n) => `{"n":${n}}`) },
      fc.constantFrom('', ' \t', '\r', '{"cr":1}\r', '{torn', 'é'),
    );
    const Text = fc
      .tuple(fc.array(Line, { maxLength: 1200, size: 'max' }), fc.constantFrom('', '\n', '\r\n'))
      .map(([lines, end]) => lines.join('\n') + end);
    fc.assert(
      fc.property(
        Text,
        fc.nat(TILE_WIDTH - 1),
        fc.boolean(),
        fc.integer({ min: 1, max: 5000 }),
        (text, phase, parseEveryRecord, chunkBytes) => {
          expect(built(text, phase, parseEveryRecord, chunkBytes)).toEqual(naive(text, phase, parseEveryRecord));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes several records of one line, each as a leaf', () => {
    const recordsIn = (line: Uint8Array) =>
      Array.from(
        Buffer.from(line)
          .toString()
          .matchAll(/\{[^}]*\}/g),
        (match) => ({ from: match.index, to: match.index + match[0].length }),
      );
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(999), { maxLength: 4 }), { maxLength: 200 }),
        fc.nat(TILE_WIDTH - 1),
        fc.integer({ min: 1, max: 500 }),
        (lines, phase, chunkBytes) => {
          const glued = createSegmentTree(hasher, { phase, recordsIn });
          const bytes = Buffer.from(lines.map((line) => `${line.map((n) => `{${n}}`).join('')}\n`).join(''));
          for (let at = 0; at < bytes.length; at += chunkBytes)
            glued.push(Uint8Array.from(bytes.subarray(at, at + chunkBytes)));
          const { offsets: _, ...tree } = glued.end();
          const { offsets: __, ...plain } = built(
            lines
              .flat()
              .map((n) => `{${n}}\n`)
              .join(''),
            phase,
            false,
            1000,
          );
          expect({
            ...tree,
            head: Buffer.from(tree.head),
            tiles: Buffer.from(tree.tiles),
            tail: Buffer.from(tree.tail),
          }).toEqual(plain);
        },
      ),
    );
  });

  it('counts hashes in whole', () => {
    const { head, tiles, tail, records } = built('{}\n'.repeat(1000), 200, false, 100);
    expect([head.length, tiles.length, tail.length].map((bytes) => bytes / HASH_BYTES)).toEqual([56, 3, 176]);
    expect(records).toBe(1000);
  });
});
