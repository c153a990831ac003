import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openJournal } from './journal';
import { Part, pauseMs, type Starter } from './part';
import { ProcessList, startTime } from './process-list';

const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-part-'));
const journal = { ...openJournal(dataDir), say: () => undefined };
const processes = new ProcessList(dataDir);
const supervisorLog = () => readFileSync(path.join(dataDir, 'logs/supervisor.log'), 'utf8');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts a shell script and takes it for ready when it prints its first line. */
function script(text: string, pids: number[]): Starter {
  return (log, onChild) => {
    const child = spawn('sh', ['-c', text], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    onChild(child);
    pids.push(child.pid ?? 0);
    return new Promise((resolve, reject) => {
      child.stdout.once('data', (line: Buffer) => {
        log.write(line.toString());
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
  };
}

it('pauses longer after every early end, up to half a minute', () => {
  expect([1, 2, 3, 8, 20].map(pauseMs)).toEqual([250, 500, 1000, 30_000, 30_000]);
});

it('starts a process again that was killed, notes it, and stops it on request', async () => {
  const pids: number[] = [];
  const part = new Part('web', script('echo up; exec sleep 60', pids), 'SIGTERM', journal, processes);
  await part.start();
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await expect.poll(() => pids.length, { timeout: 5000 }).toBe(2);
  await expect.poll(supervisorLog).toMatch(/"part":"web","how":"SIGKILL","attempt":1/);
  await part.stop(5000);
  expect(() => process.kill(pids[1] ?? 0, 0)).toThrow('ESRCH');
});

it('starts a process anew on request without calling it a failure', async () => {
  const pids: number[] = [];
  const part = new Part('worker', script('echo up; exec sleep 60', pids), 'SIGTERM', journal, processes);
  await part.start();
  await part.restart(5000);
  expect(pids).toHaveLength(2);
  expect(startTime(pids[0] ?? 0)).toBeNull();
  expect(supervisorLog()).not.toMatch(/"part":"worker","how"/);
  await part.stop(5000);
});

it('kills what does not stop in time, its children too', async () => {
  const pids: number[] = [];
  const part = new Part(
    'worker',
    script("trap '' TERM; sleep 60 & echo $!; wait; wait", pids),
    'SIGTERM',
    journal,
    processes,
  );
  await part.start();
  await part.stop(300); // a stop that waited for `sleep` would outlast the test
  const inner = Number(
    JSON.parse(readFileSync(path.join(dataDir, 'logs/worker.log'), 'utf8').trim().split('\n').at(-1) ?? '').msg,
  );
  await expect.poll(() => startTime(inner)).toBeNull();
});

it('gives up on a first start after three failures, with the last words', async () => {
  const pids: number[] = [];
  const part = new Part('clickhouse', script('exit 3', pids), 'SIGTERM', journal, processes);
  await expect(part.start()).rejects.toThrow(/clickhouse does not start: ended with 3/);
  expect(pids).toHaveLength(3);
});

it('ends what an earlier supervisor left behind, and only that', async () => {
  const left = spawn('sleep', ['60'], { stdio: 'ignore' });
  const gone = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
  new ProcessList(dataDir).set('web', left.pid ?? 0);
  expect(await new ProcessList(dataDir).endOrphans()).toEqual(['web']);
  expect(await gone).toBe('SIGKILL');
  expect(await new ProcessList(dataDir).endOrphans()).toEqual([]);
});
