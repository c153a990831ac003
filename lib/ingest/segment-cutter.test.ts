import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileStore } from '../evidence/file-store';
import { type EvidenceStore, readObject } from '../evidence/store';
import { SegmentCutter } from './segment-cutter';

let directory: string;
let store: EvidenceStore;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'cutter-'));
  store = await openFileStore(directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const TARGET = 64;
const MAX_LINE = 32;

async function cut(bytes: Buffer, chunkBytes: number) {
  const cutter = new SegmentCutter(store, TARGET, MAX_LINE);
  for (let at = 0; at < bytes.length; at += chunkBytes) await cutter.push(bytes.subarray(at, at + chunkBytes));
  return cutter.end();
}

const log = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: fc.constantFrom('a', '"', 'é', ' '), maxLength: 14 }) },
      { weight: 1, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constant('\r') },
    ),
    { maxLength: 60 },
  )
  .chain((lines) =>
    fc.boolean().map((closed) => Buffer.from(lines.join('\n') + (closed && lines.length > 0 ? '\n' : ''))),
  );

describe('SegmentCutter', () => {
  it('loses no byte, cuts at line ends only and stays under target plus one line, however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 1, max: 100 }), async (bytes, chunkBytes) => {
        const { segments, sha256, sizeBytes, records } = await cut(bytes, chunkBytes);
        const parts = await Promise.all(segments.map(({ digest }) => readObject(store, digest)));
        expect(Buffer.concat(parts).equals(bytes)).toBe(true);
        expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(sizeBytes).toBe(bytes.length);
        for (const part of parts.slice(0, -1)) expect(part.at(-1)).toBe(0x0a);
        for (const part of parts) expect(part.length).toBeLessThan(TARGET + MAX_LINE + 2);
        const lines = bytes.toString().split('\n');
        expect(records).toBe(lines.filter((line) => line !== '' && line !== '\r').length);
        expect(segments.reduce((sum, { lines: count }) => sum + count, 0)).toBe(lines.length - 1);
        expect(await cut(bytes, bytes.length || 1)).toEqual(await cut(bytes, chunkBytes));
      }),
      { numRuns: 150 },
    );
  });

  it('gives a grown log the same segments but for the last', async () => {
    await fc.assert(
      fc.asyncProperty(log, log, async (early, more) => {
        const grown = Buffer.concat([early, more]);
        const [before, after] = [await cut(early, 17), await cut(grown, 23)];
        for (const [index, segment] of before.segments.slice(0, -1).entries())
          expect(after.segments[index]).toEqual(segment);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses an endless line, says where it starts and leaves no temp file', async () => {
    const cutter = new SegmentCutter(store, TARGET, MAX_LINE);
    await cutter.push(Buffer.from('short\n'));
    await expect(cutter.push(Buffer.alloc(40, 'x'))).rejects.toMatchObject({
      code: 'TOO_LARGE',
      details: { byteOffset: 6, limitBytes: MAX_LINE },
    });
    await cutter.discard();
    expect(await readdir(path.join(directory, 'tmp'))).toEqual([]);
  });
});
