import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '@/lib/context';
import { readEnv } from '@/lib/config/env';
import { getChain } from '@/lib/chains/chains';
import { listWatchedLogs } from '@/lib/ops/watched-logs';
import { writers } from '@/lib/testing/chains';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { watchLogs } from './watch-logs';

let installation: TestInstallation;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-watch-'));
  installation = await startInstallation();
}, 120_000);
afterAll(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const watching = (...entries: string[]): Context => {
  const { env } = installation.ctx;
  const { watch } = readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: env.databaseUrl,
    CLICKHOUSE_URL: env.clickhouseUrl,
    EVIDENCE_URL: env.evidenceUrl,
    SEALTRAIL_URL: env.publicUrl,
    SEALTRAIL_SECRET: env.secret,
    SEALTRAIL_ROOT: folder,
    SEALTRAIL_WATCH: entries.join(path.delimiter),
  });
  return { ...installation.ctx, env: { ...env, watch } };
};
async function bytesOf(name: string): Promise<string> {
  const rows = await installation.ctx.db
    .selectFrom('tail_pieces as p')
    .innerJoin('chains as c', 'c.id', 'p.chain_id')
    .where('c.name', '=', name)
    .select('p.bytes')
    .orderBy('p.byte_offset')
    .execute();
  return Buffer.concat(rows.map(({ bytes }) => bytes)).toString();
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (const untilMs = Date.now() + 30_000; Date.now() < untilMs; await sleep(50)) if (await what()) return;
  throw new Error('it did not happen in 30 s');
}

it('follows the logs of the configuration, by one worker a host, over restarts and rotation', async () => {
  const { write } = writers(installation.ctx.hasher).arbiter;
  const lines = write(
    Array.from({ length: 40 }, (_, index) => ({ tool: 'bash', decision: 'allow' as const, note: `${index}` })),
  ).map((line) => `${line}\n`);
  mkdirSync(path.join(folder, 'agents'));
  const log = path.join(folder, 'agents', 'a.jsonl');
  writeFileSync(log, lines.slice(0, 10).join(''));
  const ctx = watching('agents=watched {name}', 'absent.jsonl');
  const first = watchLogs(ctx);
  await until(async () => (await bytesOf('watched a')) === lines.slice(0, 10).join(''));
  const second = watchLogs(ctx);
  appendFileSync(log, lines.slice(10, 20).join(''));
  await until(async () => (await bytesOf('watched a')) === lines.slice(0, 20).join(''));
  await first.stop();
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, lines.slice(20, 30).join(''));
  writeFileSync(log, lines.slice(30).join(''));
  await until(async () => (await bytesOf('watched a')) === lines.join(''));
  await second.stop();
  expect(await listWatchedLogs(ctx)).toMatchObject(
    [
      { log, chain: 'watched a', chainId: expect.any(String), phase: 'live', message: null, lagBytes: 0 },
      { log: path.join(folder, 'absent.jsonl'), chain: 'absent', chainId: null },
    ].toSorted((a, b) => (a.log < b.log ? -1 : 1)),
  );

  truncateSync(log, 10);
  const third = watchLogs(ctx);
  const chainId = (await listWatchedLogs(ctx)).find(({ chain }) => chain === 'watched a')?.chainId ?? '';
  await until(async () => (await getChain(ctx, { chainId })).alarms.length > 0);
  await third.stop();
  expect((await getChain(ctx, { chainId })).alarms).toMatchObject([
    { kind: 'truncated', receivedBy: expect.stringMatching(/ \(watched\)$/) },
  ]);
  expect((await getChain(ctx, { chainId })).tail).toMatchObject({ lagBytes: 0 });
});
