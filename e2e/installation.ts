import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { launch, ROOT } from './launch';

const Installation = z.object({ url: z.url(), setupUrl: z.url(), dataDir: z.string() });
/** A fresh installation made for one run of the tests. */
export type Installation = z.infer<typeof Installation>;

/** Made by the first-run project through the set-up link. */
export const ADMIN = { name: 'Ada Admin', email: 'ada@example.org', password: 'correct horse battery staple' };
/** Cookies of the signed-in administrator: every project after the first run starts with them. */
export const ADMIN_STATE = path.join(ROOT, 'test-results', 'admin.json');
/** What the empty console tells people to run, as the first run saw it. */
export const FIRST_COMMANDS = path.join(ROOT, 'test-results', 'first-commands.json');

/** Global set-up: starts the product on a new data directory; the returned function ends it. */
export default async function start(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-e2e-'));
  const { url, setupUrl, stop } = await launch({ SEALTRAIL_DATA_DIR: dataDir, SEALTRAIL_NOTIFY_ALLOW: '127.0.0.1' });
  process.env['SEALTRAIL_E2E'] = JSON.stringify(Installation.parse({ url, setupUrl, dataDir }));
  return async () => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** The installation under test. Throws outside a test run. */
export function installation(): Installation {
  return Installation.parse(JSON.parse(process.env['SEALTRAIL_E2E'] ?? 'null'));
}

/** Runs `sealtrail …` against the installation under test; resolves with its standard output. */
export function sealtrail(...args: string[]): Promise<string> {
  return sealtrailOn(installation().dataDir, ...args);
}

/** The same against the installation on another data directory. */
export async function sealtrailOn(dataDir: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, SEALTRAIL_DATA_DIR: dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(ROOT, 'workers/sealtrail.mjs'), ...args], {
    env,
  });
  return stdout.trim();
}
