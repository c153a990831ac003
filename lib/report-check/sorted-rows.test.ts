import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SortedRows } from './sorted-rows';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-sorted-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back every row in order of its key, more than once, whatever is in it', async () => {
  const rows = new SortedRows<{ n: number; text: string }>(folder);
  const count = 120_001;
  const odd = 'a\tb\nc\u2028d "e" \u{1f600}';
  for (let n = 0; n < count; n += 1) {
    const key = (n * 7_919) % count;
    await rows.add(String(key).padStart(9, '0'), { n: key, text: key % 1000 === 0 ? odd : '' });
  }
  for (let time = 0; time < 2; time += 1) {
    const wrong: number[] = [];
    let next = 0;
    for await (const { n, text } of rows.read()) {
      if (n !== next || text !== (n % 1000 === 0 ? odd : '')) wrong.push(next);
      next += 1;
    }
    expect([wrong, next]).toEqual([[], count]);
  }
  expect(await readdir(folder)).toHaveLength(3);
});

it('has no rows where none was added', async () => {
  const given = [];
  for await (const row of new SortedRows(folder).read()) given.push(row);
  expect(given).toEqual([]);
});

it('merges its files before they are too many to be read together', async () => {
  const rows = new SortedRows<number>(folder, { chunkRows: 3 });
  for (let n = 999; n >= 0; n -= 1) await rows.add(String(n).padStart(3, '0'), n);
  expect((await readdir(folder)).length).toBeLessThan(64);
  const given: number[] = [];
  for await (const n of rows.read()) given.push(n);
  expect(given).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});
