import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Context } from '../../context';
import { select } from './events';

const ROOT = path.resolve(import.meta.dirname, '../../..');

const sources = ['app', 'lib', 'workers'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|bench)\.ts$|testing\//.test(file)),
);

it('asks the lake from nowhere else: every figure, list and export sees a record once because its query is here', () => {
  const asking = sources.filter((file) =>
    /\blake\s*\.\s*(query|command|insert|exec)\b|\bFROM events\b/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(asking.length).toBeGreaterThan(3);
  expect(asking.filter((file) => !file.startsWith('lib/lake/'))).toEqual([]);
});

it('reads the rows of the table as they lie only where the lake itself is examined, and to know where to look', () => {
  const raw = sources.filter((file) =>
    /\b(FROM|JOIN) `?events\b(?! FINAL)/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(raw.toSorted()).toEqual([
    'lib/lake/query/every-row.ts',
    'lib/lake/query/matching-rules.ts',
    'lib/lake/query/search-page.ts',
  ]);
});

it('refuses to send a SELECT that would see a record twice', async () => {
  const ctx = { lake: { query: () => Promise.reject(new Error('was sent')) } } as unknown as Pick<Context, 'lake'>; // all that is asked for
  await expect(select(ctx, 'SELECT count() FROM events WHERE 1')).rejects.toThrow('FINAL');
  await expect(select(ctx, 'SELECT 1 FROM (SELECT 1 from\n events) JOIN events FINAL USING x')).rejects.toThrow(
    'FINAL',
  );
  await expect(select(ctx, 'SELECT count() FROM events FINAL')).rejects.toThrow('was sent');
});
