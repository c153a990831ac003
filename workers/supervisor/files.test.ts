import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_MIRROR_URL } from '@sigstore/tuf';
import { afterAll, describe, expect, it } from 'vitest';
import { trustSource } from '@/lib/attest/signers/trust-source';
import { readEnv } from '@/lib/config/env';
import { startStandIns } from '@/lib/testing/sigstore/stand-ins';
import { installationEnv } from '../cli/installation';
import { LogFile } from './journal';
import { PUBLIC_GOOD_MIRROR, readRunFile, removeRunFile, trustVariables, writeRunFile } from './run-file';
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
  const env = {
    DATABASE_URL: 'd',
    CLICKHOUSE_URL: 'c',
    EVIDENCE_URL: 'e',
    SEALTRAIL_URL: 'u',
    SEALTRAIL_SECRET: 's',
    SEALTRAIL_ROOT: 'r',
    SEALTRAIL_DATA_DIR: dataDir,
  };
  writeRunFile(dataDir, { pid: process.pid, env });
  expect(readRunFile(dataDir)).toEqual({ pid: process.pid, env });
  writeRunFile(dataDir, { pid: 2 ** 22 + 1, env });
  expect(readRunFile(dataDir)).toBeNull();
  removeRunFile(dataDir);
  expect(readRunFile(dataDir)).toBeNull();
});

describe('a command in another shell', () => {
  const addresses = {
    DATABASE_URL: 'postgres://x',
    CLICKHOUSE_URL: 'http://x',
    EVIDENCE_URL: 'file:///x',
    SEALTRAIL_URL: 'http://x',
    SEALTRAIL_SECRET: 's'.repeat(32),
    SEALTRAIL_ROOT: dataDir,
    SEALTRAIL_DATA_DIR: dataDir,
  };
  /** What the command reads of an installation that was started with `signing`. */
  function seen(signing: Record<string, string>) {
    writeRunFile(dataDir, { pid: process.pid, env: { ...addresses, ...trustVariables(signing, dataDir) } });
    return readEnv(installationEnv({ NODE_ENV: 'test', SEALTRAIL_DATA_DIR: dataDir }));
  }

  it('checks bundles by the public good mirror where the installation signs by it, without its token', () => {
    const env = seen({ SEALTRAIL_SIGNER: 'keyless', SIGSTORE_ID_TOKEN: 'a.secret.token' });
    expect(env.signing).toMatchObject({
      tuf: { mirrorUrl: PUBLIC_GOOD_MIRROR, rootFile: null },
      trustedRootFile: null,
    });
    expect(PUBLIC_GOOD_MIRROR).toBe(DEFAULT_MIRROR_URL);
    expect(readFileSync(path.join(dataDir, 'run.json'), 'utf8')).not.toContain('a.secret.token');
  });

  it('takes the root from the mirror or the file that the installation has it from', async () => {
    const sigstore = await startStandIns();
    writeFileSync(path.join(dataDir, 'root.json'), sigstore.tufRoot);
    writeFileSync(path.join(dataDir, 'trusted_root.json'), JSON.stringify(sigstore.trustedRoot));
    const mirrored = seen({
      SEALTRAIL_SIGNER: 'keyless',
      SEALTRAIL_TUF_MIRROR: sigstore.services.tuf.url,
      SEALTRAIL_TUF_ROOT: 'root.json',
    });
    expect(await trustSource(mirrored, () => new Date()).trustedRoot()).toEqual(sigstore.trustedRoot);
    await sigstore.close();
    const given = seen({ SEALTRAIL_SIGNER: 'keyless', SEALTRAIL_TRUSTED_ROOT: 'trusted_root.json' });
    expect(given.signing.tuf).toBeNull();
    expect(await trustSource(given, () => new Date()).trustedRoot()).toEqual(sigstore.trustedRoot);
  });

  it('asks nobody for a root where a key signs', async () => {
    expect(await trustSource(seen({}), () => new Date()).trustedRoot()).toBeNull();
  });
});

it('logs JSON lines as they are and wraps other text', () => {
  const log = new LogFile(path.join(dataDir, 'logs/a.log'), 'postgres');
  log.write('{"msg":"already JSON"}');
  log.write('LOG:  database system is ready');
  const lines = readFileSync(log.file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { msg: 'already JSON' },
    { process: 'postgres', msg: 'LOG:  database system is ready' },
  ]);
  expect(log.recent()).toHaveLength(2);
});
