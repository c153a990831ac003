import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '..');
const START_WITHIN_MS = 180_000;

const Installation = z.object({ url: z.url(), setupUrl: z.url(), dataDir: z.string() });
/** A fresh installation made for one run of the tests. */
export type Installation = z.infer<typeof Installation>;

/** Global set-up: starts the product as a person would, on a new data directory; the returned function ends it. */
export default async function start(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-e2e-'));
  const env = { ...process.env, SEALTRAIL_DATA_DIR: dataDir, SEALTRAIL_PORT: String(await freePort()) };
  const child = spawn(process.execPath, ['workers/start.mjs'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, setupUrl } = await firstLinks(child);
  process.env['SEALTRAIL_E2E'] = JSON.stringify({ url, setupUrl, dataDir } satisfies Installation);
  return async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** The installation under test. Throws outside a test run. */
export function installation(): Installation {
  return Installation.parse(JSON.parse(process.env['SEALTRAIL_E2E'] ?? 'null'));
}

/** Runs `sealtrail …` against the installation under test; resolves with its standard output. */
export async function sealtrail(...args: string[]): Promise<string> {
  const env = { ...process.env, SEALTRAIL_DATA_DIR: installation().dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'workers/sealtrail.mjs'), ...args], { env });
  return stdout.trim();
}

/** The URL line, and the set-up link that follows it on a first run. */
function firstLinks(child: ReturnType<typeof spawn>): Promise<{ url: string; setupUrl: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new Error(`The installation under test ${why}:\n${said}`));
    const patience = setTimeout(() => {
      child.kill('SIGTERM');
      fail('did not come up in time');
    }, START_WITHIN_MS);
    const onText = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /^Sealtrail is ready: (\S+)$/m.exec(said)?.[1];
      const setupUrl = /one-time link: (\S+)$/m.exec(said)?.[1];
      if (!url || !setupUrl) return;
      clearTimeout(patience);
      resolve({ url, setupUrl });
    };
    child.stdout?.on('data', onText);
    child.stderr?.on('data', onText);
    child.once('exit', (code) => {
      clearTimeout(patience);
      fail(`ended with ${code}`);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
