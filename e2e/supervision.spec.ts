import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { sealtrailOn } from './installation';
import { type Launched, launch, processesOf } from './launch';

// A second installation beside the one under test, on a path with spaces and longer than a socket's name may be.
const parent = mkdtempSync(path.join(tmpdir(), 'sealtrail side by side '));
const dataDir = path.join(parent, 'a long name '.repeat(10).trim());
const account = {
  SEALTRAIL_DATA_DIR: dataDir,
  SEALTRAIL_ADMIN_EMAIL: 'admin@example.org',
  SEALTRAIL_ADMIN_PASSWORD: 'correct horse battery',
};
let running: Launched;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  mkdirSync(dataDir);
  running = await launch(account);
});

test.afterAll(async () => {
  await running.stop();
  rmSync(parent, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // No such process.
    return false;
  }
}

async function isHealthy(): Promise<boolean> {
  const answer = await fetch(`${running.url}/api/v1/health`).catch(() => null);
  return answer?.ok ?? false;
}

test('prints one line with the URL, and no link when the environment names the administrator', () => {
  expect(running.output().match(/http:\S+/g)).toEqual([running.url]);
  expect(running.setupUrl).toBeNull();
});

test('keeps its secrets from other users', () => {
  const modeOf = (name: string) => statSync(path.join(dataDir, name)).mode & 0o777;
  expect(modeOf('.') & 0o067).toBe(0);
  expect(modeOf('secrets')).toBe(0o700);
  for (const name of readdirSync(path.join(dataDir, 'secrets'))) expect(modeOf(`secrets/${name}`), name).toBe(0o600);
  expect(modeOf('run.json')).toBe(0o600);
});

test('makes an API token from the command line that the API takes', async () => {
  const token = await sealtrailOn(dataDir, 'token', 'create', '--scopes', 'read');
  expect(token).toMatch(/^st_\S+$/);
  const answer = await fetch(`${running.url}/api/v1/chains`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect((await fetch(`${running.url}/api/v1/chains`)).status).toBe(401);
});

for (const name of ['web', 'worker', 'clickhouse', 'postgres']) {
  test(`${name} is back after kill -9`, async () => {
    const before = processesOf(dataDir).get(name) ?? 0;
    process.kill(before, 'SIGKILL');
    await expect
      .poll(
        () => {
          const now = processesOf(dataDir).get(name);
          return now !== undefined && now !== before && isAlive(now);
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await expect.poll(isHealthy, { timeout: 60_000 }).toBe(true);
    expect(readFileSync(path.join(dataDir, 'logs/supervisor.log'), 'utf8')).toContain(
      `"part":"${name}","how":"SIGKILL"`,
    );
  });
}

test('after kill -9 of the supervisor nothing is left running once it has started again', async () => {
  const before = [...processesOf(dataDir).values()];
  const { pid } = JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  running = await launch(account);
  expect(before.filter(isAlive)).toEqual([]);
  expect(await isHealthy()).toBe(true);
});

test('stops everything, though nobody reads what it says any more', async () => {
  const before = [...processesOf(dataDir).values()];
  running.deafen();
  expect(await running.stop('SIGINT')).toBe(0);
  expect(before.filter(isAlive)).toEqual([]);
  const inDataDir = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return readlinkSync(`/proc/${entry}/cwd`).startsWith(dataDir);
      } catch {
        return false;
      }
    });
  expect(inDataDir).toEqual([]);
  running = await launch(account);
  expect(await isHealthy()).toBe(true);
});
