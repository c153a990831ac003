import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readOptions } from './options';

const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-options-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const base = { NODE_ENV: 'test', SEALTRAIL_DATA_DIR: dataDir } as const;
const elsewhere = {
  ...base,
  DATABASE_URL: 'postgresql://db',
  CLICKHOUSE_URL: 'http://lake',
  EVIDENCE_URL: 'file:///e',
  SEALTRAIL_SECRET: 's'.repeat(32),
  SEALTRAIL_URL: 'https://sealtrail.example',
};

it('runs all four on loopback by default', () => {
  expect(readOptions([], base)).toEqual({
    dev: false,
    dataDir,
    parts: ['postgres', 'clickhouse', 'web', 'worker'],
    host: '127.0.0.1',
    port: null,
    publicUrl: null,
  });
});

it('leaves out a built-in part whose address is given', () => {
  expect(readOptions([], { ...base, DATABASE_URL: 'postgresql://db' }).parts).toEqual(['clickhouse', 'web', 'worker']);
  expect(readOptions(['--dev'], { ...base, CLICKHOUSE_URL: 'http://lake' })).toMatchObject({
    dev: true,
    parts: ['postgres', 'web', 'worker'],
  });
});

it.each([
  [['--only', 'worker'], ['worker']],
  [
    ['--only', 'worker', '--only', 'web'],
    ['web', 'worker'],
  ],
  [['--only=web,worker'], ['web', 'worker']],
])('%j runs just those', (args, parts) => {
  expect(readOptions(args, elsewhere).parts).toEqual(parts);
});

it.each([
  [['--only', 'worker'], base, 'DATABASE_URL, CLICKHOUSE_URL, EVIDENCE_URL, SEALTRAIL_SECRET'],
  [['--only', 'worker'], { ...elsewhere, SEALTRAIL_URL: undefined }, 'SEALTRAIL_URL'],
  [['--only', 'postgres'], elsewhere, 'web or worker'],
  [['--fast'], base, 'fast'],
  [[], { ...base, SEALTRAIL_PORT: '70000' }, 'SEALTRAIL_PORT'],
])('tells what is wrong with %j', (args, env, words) => {
  expect(() => readOptions(args, env)).toThrow(words);
});
