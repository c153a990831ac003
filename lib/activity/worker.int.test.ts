import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as audit from '../audit/append';
import { openChainBytes } from '../chains/chain-bytes';
import { getChain } from '../chains/chains';
import { OWN_CHAIN } from '../core/own-chain';
import { activityState } from '../db/activity-state';
import { fsck } from '../fsck/fsck';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ACTIONS = 300;

let installation: TestInstallation;
beforeEach(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterEach(() => installation.stop(), 60_000);

/** A worker as the supervisor runs one, once it is ready. */
async function startWorker(): Promise<ChildProcess> {
  const { env } = installation.ctx;
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'workers/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      SEALTRAIL_ROOT: ROOT,
      DATABASE_URL: env.databaseUrl,
      CLICKHOUSE_URL: env.clickhouseUrl,
      EVIDENCE_URL: env.evidenceUrl,
      SEALTRAIL_DATA_DIR: env.dataDir,
      SEALTRAIL_URL: env.publicUrl,
      SEALTRAIL_SECRET: env.secret,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the worker ended with ${String(code)} before it was ready`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined); // it is ready: that it ends is what the test is about
  return child;
}

async function act(name: string): Promise<void> {
  for (let n = 0; n < ACTIONS; n += 1)
    await installation.ctx.db
      .transaction()
      .execute((tx) => audit.append(tx, testActor(), { action: 'view.create', subjectId: `${name} ${n}` }));
}

async function endedBy(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code as number | null; // of an exit
}

async function inEvidence(name: string): Promise<string[]> {
  const { stream } = await openChainBytes(installation.ctx, { chainId: OWN_CHAIN.id });
  return Buffer.concat(await Array.fromAsync(stream))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes(`"id":"${name} `))
    .map((line): string => JSON.parse(line).body.subject.id);
}
const all = (name: string) => Array.from({ length: ACTIONS }, (_, n) => `${name} ${n}`);

it('a worker that is told to stop carries what waits before it ends; what waits when it is killed the next one carries, each line once', async () => {
  const { ctx } = installation;
  const first = await startWorker();
  await act('stopped');
  expect(await endedBy(first, 'SIGTERM')).toBe(0);
  expect(await inEvidence('stopped')).toEqual(all('stopped'));
  expect(await activityState(ctx.db)).toMatchObject({ waiting: 0, isRefusing: false });

  await act('waiting');
  const second = await startWorker();
  await act('killed');
  expect(await endedBy(second, 'SIGKILL')).toBeNull();
  const third = await startWorker();
  await expect.poll(async () => (await activityState(ctx.db)).waiting, { timeout: 60_000 }).toBe(0);
  expect(await endedBy(third, 'SIGTERM')).toBe(0);
  for (const name of ['stopped', 'waiting', 'killed']) expect(await inEvidence(name)).toEqual(all(name));
  expect(await getChain(ctx, { chainId: OWN_CHAIN.id })).toMatchObject({ problems: [] });
  const drifts: unknown[] = [];
  await fsck(ctx, (drift) => drifts.push(drift), { only: ['activity'] });
  expect(drifts).toEqual([]);
}, 240_000);
