import { createHash, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { installation, sealtrail } from './installation';
import { processesOf } from './launch';

const PARTS = ['postgres', 'clickhouse', 'web', 'worker'] as const;
const WRITERS = 20;
/** Few in `npm test`, 200 and more in `npm run test:crash`. */
const KILLS = Number(process.env['SEALTRAIL_CRASH_KILLS'] ?? 8);
/** What a client waits for an answer at most: a killed server gives none. */
const PATIENCE_MS = 10_000;

const Receipt = z.object({ chainId: z.string(), offset: z.number(), records: z.number(), verdict: z.string() });
const Chain = z.object({ verdict: z.string(), records: z.number(), bytes: z.number(), head: z.string(), progress: z.object({ loaded: z.number() }) });

/** An Occasio log that is written while it is sent. `acknowledged` is what the server said it keeps. */
type Writer = { name: string; chainId: string; sent: Buffer[]; sentBytes: number; prev: string; records: number; acknowledgedBytes: number };

test(`${KILLS} kills at random while ${WRITERS} writers append: everything acknowledged is there once, in order, and the lake agrees`, async ({ request }) => {
  test.setTimeout(240_000 + KILLS * 7_000);
  const token = await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'crash test');
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
      const response = await fetch(`${installation().url}/api/v1/chains/${encodeURIComponent(writer.name)}/records?format=occasio`, {
        method: 'POST',
        headers: { ...headers, 'Upload-Offset': String(offset), 'Idempotency-Key': key, 'Content-Digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:` },
        body: bytes,
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch(() => null);
      if (response?.status === 200) {
        const receipt = Receipt.parse(await response.json());
        expect(receipt).toMatchObject({ offset: offset + bytes.length, records: writer.records, verdict: 'verified' });
        Object.assign(writer, { chainId: receipt.chainId, sentBytes: receipt.offset, acknowledgedBytes: receipt.offset });
        writer.sent.push(bytes);
        return;
      }
      // What an honest server may say while its parts are killed; a conflict would mean it lost or made up bytes.
      if (response) expect([429, 500, 502, 503]).toContain(response.status);
      await sleep(100);
    }
  }

  const writers = Array.from({ length: WRITERS }, (_, index): Writer => ({ name: `crash ${run} ${index}`, chainId: '', sent: [], sentBytes: 0, prev: '0'.repeat(64), records: 0, acknowledgedBytes: 0 }));
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
    const part = PARTS[randomInt(PARTS.length)];
    const pid = part && processesOf(installation().dataDir).get(part);
    if (!pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
      kills += 1;
    } catch {
      // Already dead and not yet started again.
    }
    // Closes some of the open segments, so that kills meet that as well.
    const writer = writers[randomInt(WRITERS)];
    if (kills % 3 === 0 && writer?.chainId) await request.post(`/api/v1/chains/${writer.chainId}/close`, { headers }).catch(() => null);
  }
  ending.abort();
  await writing;

  for (const writer of writers) {
    const log = Buffer.concat(writer.sent);
    await expect
      .poll(async () => {
        const response = await request.get(`/api/v1/chains/${writer.chainId}`, { headers }).catch(() => null);
        return response?.ok() ? Chain.parse(await response.json()) : null;
      }, { timeout: 90_000, intervals: [500] })
      .toMatchObject({ verdict: 'verified', records: writer.records, bytes: log.length, head: writer.prev, progress: { loaded: writer.records } });
    const held = await (await request.get(`/api/v1/chains/${writer.chainId}/bytes`, { headers })).body();
    expect(held.equals(log)).toBe(true);
    const found = z.object({ total: z.number() }).parse(await (await request.get(`/api/v1/chains/${writer.chainId}/records?limit=1&q=crash-test`, { headers })).json());
    expect(found.total).toBe(writer.records);
  }
  // Everything derived, derived anew from the evidence.
  expect(await sealtrail('fsck')).toMatch(/^Nothing differs: /);
});

function nextLine(writer: Writer): string {
  const n = writer.records;
  const covered = { audit_schema: 1, ts: new Date(Date.UTC(2026, 4, 11) + n * 1000).toISOString(), event_id: `${writer.name}-${n}`, session_id: writer.name, run_id: writer.name, agent: 'crash-test', protocol: 'mcp', direction: 'inbound', kind: 'tool_call', tool_name: 'grep', tool_inputs: { path: `/srv/${n}` }, action: 'PASS', reason: 'allowed', policy_source: 'user', result_kind: 'pass', prev_hash: writer.prev };
  writer.prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
  writer.records += 1;
  return `${JSON.stringify({ ...covered, hash: writer.prev })}\n`;
}
