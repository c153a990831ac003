import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type APIRequestContext, expect, test } from '@playwright/test';
import * as z from 'zod';
import { installation, sealtrail } from './installation';
import { apart, occasioLog } from './occasio-log';

const Processes = z.array(z.object({ name: z.string(), pid: z.int() }));
const PARTS = ['postgres', 'clickhouse', 'web', 'worker'] as const;
const RECORDS = 20_000;

test.describe.configure({ mode: 'serial' });

let token: string;
test.beforeAll(async () => {
  token = await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'kill test');
});

function pidOf(part: string): number {
  const processes = Processes.parse(
    JSON.parse(readFileSync(path.join(installation().dataDir, 'processes.json'), 'utf8')),
  );
  const pid = processes.find(({ name }) => name === part)?.pid;
  if (!pid) throw new Error(`${part} does not run`);
  return pid;
}

/** Sends the log in pieces, a second or so in all; null when the connection broke or the answer was a failure to be tried again. */
async function upload(name: string, log: Buffer): Promise<{ chainId: string; sha256: string } | null> {
  async function* slowly() {
    const piece = Math.ceil(log.length / 20);
    for (let at = 0; at < log.length; at += piece) {
      yield log.subarray(at, at + piece);
      await sleep(50);
    }
  }
  const init: RequestInit & { duplex: 'half' } = {
    method: 'PUT',
    headers: { Authorization: `Bearer ${token}` },
    body: Readable.toWeb(Readable.from(slowly())) as ReadableStream,
    duplex: 'half',
  };
  const response = await fetch(`${installation().url}/api/v1/uploads/${name}`, init).catch(() => null);
  if (!response || response.status >= 500) return null;
  expect(response.status).toBe(201);
  return z.object({ chainId: z.string(), sha256: z.string() }).parse(await response.json());
}

async function chain(request: APIRequestContext, chainId: string) {
  const response = await request.get(`/api/v1/chains/${chainId}`, { headers: { Authorization: `Bearer ${token}` } });
  return response.ok()
    ? z
        .object({
          verdict: z.string(),
          records: z.number(),
          progress: z.object({ loaded: z.number() }),
          attestedRecords: z.number(),
        })
        .parse(await response.json())
    : null;
}

for (const part of PARTS) {
  test(`kill -9 of ${part} during an upload loses nothing acknowledged, and the job finishes`, async ({ request }) => {
    // One that was killed at before is looked at with no other.
    const log = occasioLog(`kill-${part}`, RECORDS, { agent: 'kill-test', from: apart(2017 + PARTS.indexOf(part)) });
    const name = `kill-${part}.jsonl`;
    const before = pidOf(part);
    const first = upload(name, log);
    await sleep(400);
    process.kill(before, 'SIGKILL');

    let receipt = await first;
    for (let tries = 0; !receipt && tries < 40; tries += 1) {
      await sleep(500);
      receipt = await upload(name, log);
    }
    expect(receipt?.sha256).toBe(createHash('sha256').update(log).digest('hex'));
    const chainId = receipt?.chainId ?? '';
    // Killed once more while the jobs of the upload are under way.
    await expect.poll(() => pidOf(part), { timeout: 90_000 }).not.toBe(before);
    process.kill(pidOf(part), 'SIGKILL');

    await expect
      .poll(() => chain(request, chainId).catch(() => null), { timeout: 90_000, intervals: [500] })
      .toMatchObject({
        verdict: 'verified',
        records: RECORDS,
        progress: { loaded: RECORDS },
        attestedRecords: RECORDS,
      });

    const headers = { Authorization: `Bearer ${token}` };
    const segments = z
      .object({ items: z.array(z.object({ digest: z.string() })) })
      .parse(await (await request.get(`/api/v1/chains/${chainId}/segments`, { headers })).json());
    const bytes = await Promise.all(
      segments.items.map(async ({ digest }) =>
        (await request.get(`/api/v1/segments/${digest}/bytes`, { headers })).body(),
      ),
    );
    expect(Buffer.concat(bytes).equals(log)).toBe(true);
    const records = z
      .object({ total: z.number() })
      .parse(await (await request.get(`/api/v1/chains/${chainId}/records?limit=1&q=kill-test`, { headers })).json());
    expect(records.total).toBe(RECORDS);
  });
}
