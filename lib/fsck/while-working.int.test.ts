import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logKeys } from '../attest/log/log-keys';
import { publishLog } from '../attest/log/publish-log';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { AppError } from '../core/errors';
import { appendRecords } from '../ingest/append-records';
import { closeTail } from '../ingest/close-tail';
import { ingestUpload } from '../ingest/upload';
import { loadTail } from '../lake/load-tail';
import { testActor } from '../testing/actor';
import { writers } from '../testing/chains';
import { type TestInstallation, startInstallation } from '../testing/installation';
import type { Drift } from './drift';
import { fsck } from './fsck';

const GROWING = 3;
const RUNS = 2;

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  await installation.work();
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const denied = (note: string) => ({ tool: 'bash', decision: 'deny' as const, note });

/** Appends, closes and loads one chain until it is told to stop. */
async function grow(name: string, signal: AbortSignal): Promise<number> {
  const { ctx } = installation;
  const { write } = writers(ctx.hasher).occasio;
  let prev = '0'.repeat(64);
  let records = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    const lines = write(
      Array.from({ length: 7 }, (_, index) => denied(`${name} ${round} ${index}`)),
      { prev, sequence: 0 },
    );
    prev = JSON.parse(lines.at(-1) ?? '').hash;
    const { chainId } = await appendRecords(ctx, {
      chain: name,
      bytes: Buffer.from(`${lines.join('\n')}\n`),
      precondition: { kind: 'lines' },
      idempotency: null,
      actor: testActor(),
    });
    records += lines.length;
    if (round % 3 === 1) await loadTail(ctx, { chainId });
    if (round % 10 === 9) await closeTail(ctx, { chainId, actor: testActor() });
    if (round % 15 === 14)
      await requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor: testActor() }).catch(
        onlyConflicts,
      );
    await pause(60);
  }
  return records;
}

/** A new log, and a longer one in its place, again and again. */
async function upload(signal: AbortSignal): Promise<number> {
  const { ctx } = installation;
  let uploads = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    const lines = writers(ctx.hasher).vouch.write(
      Array.from({ length: 20 + 5 * (round % 4) }, (_, index) => denied(`${Math.floor(round / 4)} ${index}`)),
    );
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    await ingestUpload(ctx, {
      fileName: 'log.jsonl',
      chain: `uploaded ${Math.floor(round / 4)}`,
      body: (async function* () {
        yield bytes;
      })(),
      actor: testActor(),
    });
    await logKeys(ctx);
    await publishLog(ctx);
    uploads += 1;
    await pause(500);
  }
  return uploads;
}

function onlyConflicts(error: unknown): null {
  if (error instanceof AppError && error.code === 'CONFLICT') return null;
  throw error;
}

it('finds nothing while chains grow, are closed, loaded, searched, signed and replaced', {
  timeout: 150_000,
}, async () => {
  const ending = new AbortController();
  const working = [
    ...Array.from({ length: GROWING }, (_, index) => grow(`growing ${index}`, ending.signal)),
    upload(ending.signal),
  ];
  await pause(2_000);
  const drifts: Drift[] = [];
  const notCompared: string[] = [];
  for (let run = 0; run < RUNS; run += 1)
    notCompared.push(...(await fsck(installation.ctx, (drift) => drifts.push(drift))).notCompared);
  ending.abort();
  const done = await Promise.all(working);
  expect(drifts).toEqual([]);
  // What is worked on all the time is said not to be told; what stands still is told.
  expect(notCompared.filter((sentence) => !sentence.includes('growing') && !sentence.includes('rules found'))).toEqual(
    [],
  );
  expect(Math.min(...done)).toBeGreaterThan(0);

  const growing = await installation.ctx.db.selectFrom('tails').select('chain_id').execute();
  for (const { chain_id: chainId } of growing) await loadTail(installation.ctx, { chainId });
  await expect
    .poll(async () => (await fsck(installation.ctx, (drift) => drifts.push(drift))).notCompared, { timeout: 60_000 })
    .toEqual([]);
  expect(drifts).toEqual([]);
});
