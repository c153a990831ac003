import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { LogFile } from './journal';
import { readRunFile, removeRunFile, writeRunFile } from './run-file';
import { ensureSecrets } from './secrets';

const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-files-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('makes secrets once, for our eyes only', () => {
  const first = ensureSecrets(dataDir);
  expect(ensureSecrets(dataDir)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(3);
  for (const secret of Object.values(first)) expect(secret).toMatch(/^[\w-]{43}$/);
  const dir = path.join(dataDir, 'secrets');
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dir).map((name) => statSync(path.join(dir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
});

it('finds a running installation and not one that was killed', () => {
  const env = { DATABASE_URL: 'd', CLICKHOUSE_URL: 'c', EVIDENCE_URL: 'e', SEALTRAIL_URL: 'u', SEALTRAIL_SECRET: 's', SEALTRAIL_ROOT: 'r', SEALTRAIL_DATA_DIR: dataDir };
  writeRunFile(dataDir, { pid: process.pid, env });
  expect(readRunFile(dataDir)).toEqual({ pid: process.pid, env });
  writeRunFile(dataDir, { pid: 2 ** 22 + 1, env });
  expect(readRunFile(dataDir)).toBeNull();
  removeRunFile(dataDir);
  expect(readRunFile(dataDir)).toBeNull();
});

it('logs JSON lines as they are and wraps other text', () => {
  const log = new LogFile(path.join(dataDir, 'logs/a.log'), 'postgres');
  log.write('{"msg":"already JSON"}');
  log.write('LOG:  database system is ready');
  const lines = readFileSync(log.file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ msg: 'already JSON' }, { process: 'postgres', msg: 'LOG:  database system is ready' }]);
  expect(log.recent()).toHaveLength(2);
});
