import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTime } from './process-list';

const PARENT = `
  import { spawn } from 'node:child_process';
  import { startReaper } from '${path.join(import.meta.dirname, 'reaper.ts')}';
  const reaper = startReaper();
  const pids = ['plain', 'stopped', 'dropped'].map((kind) => {
    const { pid } = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
    reaper.add(pid);
    if (kind === 'stopped') process.kill(pid, 'SIGSTOP');
    if (kind === 'dropped') reaper.drop(pid);
    return pid;
  });
  console.log(JSON.stringify(pids));
  setInterval(() => undefined, 1000);
`;

it('what a process started ends with it, however it ends: what is stopped too, and nothing that was dropped', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: path.resolve(import.meta.dirname, '../..'),
  });
  const [plain = 0, stopped = 0, dropped = 0] = await new Promise<number[]>((resolve) =>
    parent.stdout.once('data', (line) => resolve(JSON.parse(String(line)))),
  );
  try {
    expect([plain, stopped, dropped].every((pid) => startTime(pid) !== null)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => [startTime(plain), startTime(stopped)], { timeout: 14_000 }).toEqual([null, null]);
    expect(startTime(dropped)).not.toBeNull();
  } finally {
    process.kill(dropped, 'SIGKILL');
  }
}, 30_000);
