import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import * as z from 'zod';

export const ROOT = path.resolve(import.meta.dirname, '..');
const START_WITHIN_MS = 180_000;

export type Launched = {
  readonly url: string;
  /** Null when there is an administrator already. */
  readonly setupUrl: string | null;
  /** Of the `npm start` process. */
  readonly pid: number;
  /** Everything printed until now. */
  readonly output: () => string;
  /** Reads no more of what it prints, as who is at the other end of a pipe and was ended. */
  readonly deafen: () => void;
  /** Sends a signal and resolves with the exit status once it has ended; null when it was killed. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Starts the product as `npm start` does and resolves when it has printed its links. The environment is added to ours. */
export async function launch(env: Record<string, string>): Promise<Launched> {
  const child = spawn(process.execPath, [path.join(ROOT, 'workers/start.mjs')], {
    cwd: ROOT,
    env: { ...process.env, SEALTRAIL_PORT: String(await freePort()), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    const patience = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`did not come up in time:\n${said}`));
    }, START_WITHIN_MS);
    const onText = (chunk: Buffer) => {
      said += chunk.toString();
      const ready = /^Sealtrail is ready: (\S+)$/m.exec(said)?.[1];
      if (!ready) return;
      clearTimeout(patience);
      resolve(ready);
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
    child.once('exit', (code) => {
      clearTimeout(patience);
      reject(new Error(`ended with ${code}:\n${said}`));
    });
  });
  // The link, if there is one, is printed right behind.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    url,
    setupUrl: /one-time link: (\S+)$/m.exec(said)?.[1] ?? null,
    pid: child.pid ?? 0,
    output: () => said,
    deafen: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

const Processes = z.array(z.object({ name: z.string(), pid: z.int() }));

/** Process ids by name, as the supervisor notes them for its next start. */
export function processesOf(dataDir: string): Map<string, number> {
  const list = Processes.parse(JSON.parse(readFileSync(path.join(dataDir, 'processes.json'), 'utf8')));
  return new Map(list.map(({ name, pid }) => [name, pid]));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
