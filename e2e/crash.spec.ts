import { createHash, randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { ADMIN, sealtrailOn } from './installation';
import { type Launched, launch, processesOf } from './launch';

const PARTS = ['postgres', 'clickhouse', 'web', 'worker'] as const;
const WRITERS = 20;
/** Few in `npm test`, 200 and more in `npm run test:crash`. */
const KILLS = Number(process.env['SEALTRAIL_CRASH_KILLS'] ?? 8);
/** What a client waits for an answer at most: a killed server gives none. */
const PATIENCE_MS = 10_000;

const Receipt = z.object({ chainId: z.string(), offset: z.number(), records: z.number(), verdict: z.string() });
const Chain = z.object({
  verdict: z.string(),
  records: z.number(),
  bytes: z.number(),
  head: z.string(),
  progress: z.object({ loaded: z.number() }),
});

/** An Occasio log that is written while it is sent. `acknowledged` is what the server said it keeps. */
type Writer = {
  name: string;
  chainId: string;
  sent: Buffer[];
  sentBytes: number;
  prev: string;
  records: number;
  acknowledgedBytes: number;
};

/** Of its own: its supervisor is killed as well, and started anew at the same address. */
const dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-crash-'));
const start = (more: Record<string, string> = {}) =>
  launch({
    SEALTRAIL_DATA_DIR: dataDir,
    SEALTRAIL_ADMIN_EMAIL: ADMIN.email,
    SEALTRAIL_ADMIN_PASSWORD: ADMIN.password,
    ...more,
  });
let launched: Launched | null = null;
test.afterAll(async () => {
  await launched?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Kills the supervisor, waits until nothing that it started is left, and starts it over what it left behind. */
async function restartKilled(url: string): Promise<void> {
  const children = [...processesOf(dataDir).values()];
  const { pid } = z.object({ pid: z.int() }).parse(JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')));
  process.kill(pid, 'SIGKILL');
  if (randomInt(2) === 0) await expect.poll(() => children.filter(isAlive), { timeout: 90_000 }).toEqual([]);
  launched = await start({ SEALTRAIL_PORT: new URL(url).port });
  expect(launched.url).toBe(url);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test(`${KILLS} kills and stops at random while ${WRITERS} writers append: everything acknowledged is there once, in order, and the lake agrees`, async ({
  request,
}) => {
  test.setTimeout(300_000 + KILLS * 9_000);
  launched = await start();
  const { url } = launched;
  const token = await sealtrailOn(dataDir, 'token', 'create', '--scopes', 'ingest,read', '--name', 'crash test');
  const headers = { Authorization: `Bearer ${token}` };
  const run = randomUUID().slice(0, 8);
  const ending = new AbortController();

  /** Sends some records and keeps at it, with the same key, until they are acknowledged. */
  async function append(writer: Writer): Promise<void> {
    const lines = Array.from({ length: randomInt(1, 30) }, () => nextLine(writer));
    const bytes = Buffer.from(lines.join(''));
    const offset = writer.sentBytes;
    const key = randomUUID();
    for (;;) {
      const response = await fetch(`${url}/api/v1/chains/${encodeURIComponent(writer.name)}/records?format=occasio`, {
        method: 'POST',
        headers: {
          ...headers,
          'Upload-Offset': String(offset),
          'Idempotency-Key': key,
          'Content-Digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
        },
        body: bytes,
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch(() => null);
      const answer = response?.status === 200 ? await response.text().catch(() => null) : null; // cut off, it is none
      if (answer !== null) {
        const receipt = Receipt.parse(JSON.parse(answer));
        expect(receipt).toMatchObject({ offset: offset + bytes.length, records: writer.records, verdict: 'verified' });
        Object.assign(writer, {
          chainId: receipt.chainId,
          sentBytes: receipt.offset,
          acknowledgedBytes: receipt.offset,
        });
        writer.sent.push(bytes);
        return;
      }
      // What an honest server may say while its parts are killed; a conflict would mean it lost or made up bytes.
      if (response) expect([200, 429, 500, 502, 503]).toContain(response.status);
      await sleep(100);
    }
  }

  const writers = Array.from(
    { length: WRITERS },
    (_, index): Writer => ({
      name: `crash ${run} ${index}`,
      chainId: '',
      sent: [],
      sentBytes: 0,
      prev: '0'.repeat(64),
      records: 0,
      acknowledgedBytes: 0,
    }),
  );
  const writing = Promise.all(
    writers.map(async (writer) => {
      while (!ending.signal.aborted) {
        await append(writer);
        await sleep(randomInt(5, 60));
      }
    }),
  );

  for (let kills = 0; kills < KILLS; ) {
    // Often enough to meet parts that are still coming back, seldom enough that the supervisor's growing pauses do not make up the test.
    await sleep(randomInt(300, 4_000));
    if (kills % 16 === 5) {
      await restartKilled(url);
      kills += 1;
      continue;
    }
    const part = PARTS[randomInt(PARTS.length)];
    const pid = part && processesOf(dataDir).get(part);
    if (!pid) continue;
    try {
      if (kills % 4 === 2) {
        process.kill(pid, 'SIGSTOP');
        await sleep(randomInt(200, 8_000));
        process.kill(pid, 'SIGCONT');
      } else process.kill(pid, 'SIGKILL');
      kills += 1;
    } catch {
      // Already dead and not yet started again.
    }
    // Closes some of the open segments, so that kills meet that as well.
    const writer = writers[randomInt(WRITERS)];
    if (kills % 3 === 0 && writer?.chainId)
      await request.post(`${url}/api/v1/chains/${writer.chainId}/close`, { headers }).catch(() => null);
  }
  ending.abort();
  await writing;

  for (const writer of writers) {
    const log = Buffer.concat(writer.sent);
    await expect
      .poll(
        async () => {
          const response = await request.get(`${url}/api/v1/chains/${writer.chainId}`, { headers }).catch(() => null);
          return response?.ok() ? Chain.parse(await response.json()) : null;
        },
        { timeout: 90_000, intervals: [500] },
      )
      .toMatchObject({
        verdict: 'verified',
        records: writer.records,
        bytes: log.length,
        head: writer.prev,
        progress: { loaded: writer.records },
      });
    const held = await (await request.get(`${url}/api/v1/chains/${writer.chainId}/bytes`, { headers })).body();
    expect(held.equals(log)).toBe(true);
    const found = z
      .object({ total: z.number() })
      .parse(
        await (
          await request.get(`${url}/api/v1/chains/${writer.chainId}/records?limit=1&q=crash-test`, { headers })
        ).json(),
      );
    expect(found.total).toBe(writer.records);
  }
  // Everything derived, derived anew from the evidence.
  const reported = await sealtrailOn(dataDir, 'fsck').catch((error: { stdout?: string }) => error.stdout ?? ''); // what differs is on its output
  expect(reported).toMatch(/^Nothing differs: /);
});

function nextLine(writer: Writer): string {
  const n = writer.records;
  const covered = {
    audit_schema: 1,
    ts: new Date(Date.UTC(2026, 4, 11) + n * 1000).toISOString(),
    event_id: `${writer.name}-${n}`,
    session_id: writer.name,
    run_id: writer.name,
    agent: 'crash-test',
    protocol: 'mcp',
    direction: 'inbound',
    kind: 'tool_call',
    tool_name: 'grep',
    tool_inputs: { path: `/srv/${n}` },
    action: 'PASS',
    reason: 'allowed',
    policy_source: 'user',
    result_kind: 'pass',
    prev_hash: writer.prev,
  };
  writer.prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
  writer.records += 1;
  return `${JSON.stringify({ ...covered, hash: writer.prev })}\n`;
}
