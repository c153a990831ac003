import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHasher } from '../crypto/hasher';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { appendRecords } from './append-records';
import { occasioLog } from './sample/occasio-log';
import { createRandom } from './sample/random';
import { ingestUpload } from './upload';

const RUN_MS = 5_000;
const hasher = await createHasher();
const lines = occasioLog(createRandom(1), hasher, Date.UTC(2026, 4, 11), { agent: 'bench', calls: 60_000 }).map(
  (line) => Buffer.from(`${line}\n`),
);
const rowBytes = Math.round(lines.reduce((sum, line) => sum + line.length, 0) / lines.length);

let installation: TestInstallation;
let runs = 0;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

/** `tails` writers, each waiting for its answer before it sends the next `rows`. */
async function append(tails: number, rows: number) {
  runs += 1;
  const waits: number[] = [];
  const untilMs = performance.now() + RUN_MS;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: tails }, async (_, tail) => {
      for (let from = 0; from + rows <= lines.length && performance.now() < untilMs; from += rows) {
        const sentMs = performance.now();
        const { accepted, verdict } = await appendRecords(installation.ctx, {
          chain: `run ${runs} tail ${tail}`,
          bytes: Buffer.concat(lines.slice(from, from + rows)),
          precondition: { kind: 'lines' },
          idempotency: null,
          actor: testActor('bench'),
        });
        if (accepted !== rows || verdict !== 'verified') throw new Error('the bench log must verify');
        waits.push(performance.now() - sentMs);
      }
    }),
  );
  return reported(waits, rows, performance.now() - startedMs);
}

/** What the disk gives: the same rows written to one file and synced, one group after another. */
async function writeAndSync(rows: number) {
  const directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-bench-'));
  const file = await open(path.join(directory, 'log'), 'a');
  const waits: number[] = [];
  const startedMs = performance.now();
  for (let from = 0; from + rows <= lines.length && performance.now() - startedMs < RUN_MS; from += rows) {
    const sentMs = performance.now();
    await file.write(Buffer.concat(lines.slice(from, from + rows)));
    await file.sync();
    waits.push(performance.now() - sentMs);
  }
  const elapsedMs = performance.now() - startedMs;
  await file.close();
  await rm(directory, { recursive: true });
  return reported(waits, rows, elapsedMs);
}

function reported(waits: number[], rows: number, elapsedMs: number) {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2));
  return {
    'rows/s': Math.round((waits.length * rows * 1000) / elapsedMs),
    'acks/s': Math.round((waits.length * 1000) / elapsedMs),
    'p50 ms': at(0.5),
    'p95 ms': at(0.95),
    'p99 ms': at(0.99),
  };
}

test(`durable appends of ${rowBytes} B rows`, async () => {
  expect(await append(10, 20)).toBeDefined(); // warm
  console.table({
    '1 tail, 1 row an append': await append(1, 1),
    '1 tail, 200 rows an append': await append(1, 200),
    '100 tails, 1 row an append': await append(100, 1),
    '100 tails, 20 rows an append': await append(100, 20),
    'write + fsync, 1 row': await writeAndSync(1),
    'write + fsync, 200 rows': await writeAndSync(200),
  });
}, 120_000);

test('an upload of 512 MiB', async () => {
  const block = Buffer.concat(lines);
  let peakBytes = 0;
  const startedMs = performance.now();
  const { bytes } = await ingestUpload(installation.ctx, {
    fileName: 'large.jsonl',
    chain: 'large',
    actor: testActor('bench'),
    body: (async function* () {
      for (let sent = 0; sent < 512 * 1024 * 1024; ) {
        for (let at = 0; at < block.length; at += 256 * 1024) {
          yield block.subarray(at, at + 256 * 1024);
          peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
        }
        sent += block.length;
      }
    })(),
  });
  expect(bytes).toBeGreaterThan(512 * 1024 * 1024);
  console.table({
    upload: {
      'MB/s': Math.round(bytes / 1000 / (performance.now() - startedMs)),
      'peak RSS MB': Math.round(peakBytes / 1e6),
    },
  });
}, 120_000);
