import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildVerifier } from '@/workers/build.mjs';
import { listKeys } from '../../attest/keys';
import { requestChainAttestation } from '../../attest/requests/request-attestation';
import { VERIFIER_PROGRAM, verifierProgram } from '../../config/verifier-html';
import type { RecordSample } from '../../core/sampling/record-sample';
import { appendRecords } from '../../ingest/append-records';
import { ingestUpload } from '../../ingest/upload';
import { loadTail } from '../../lake/load-tail';
import { testActor } from '../../testing/actor';
import { toBytes, writers } from '../../testing/chains';
import { fixture } from '../../testing/fixtures';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { unpack } from '../../testing/unpack';
import { eventsNdjson } from '../../events/export-events';
import { drawSample } from './draw-sample';
import { sampleZip } from './sample-zip';

const EVER = { q: '', from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
const BY = { seed: 'auditor-2026', size: 12 };
const OPEN = 10;

let installation: TestInstallation;
let folder: string;
/** An attested chain, and one of which nothing is attested. */
beforeAll(async () => {
  await buildVerifier();
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-sample-'));
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  await installation.work();
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'log.jsonl',
    chain: "team a/o'brien $(id)",
    body: Readable.from([fixture('occasio', 'valid')]),
    actor: testActor(),
  });
  await installation.settled(chainId);
  await requestChainAttestation(ctx, { chainId, scope: { kind: 'chain' }, actor: testActor() });
  const open = await appendRecords(ctx, {
    chain: 'open',
    format: 'occasio',
    bytes: toBytes(
      writers(ctx.hasher).occasio.write(
        Array.from({ length: OPEN }, (_, n) => ({
          tool: 'bash',
          decision: 'allow' as const,
          note: `n ${n} ü 🤖 \\ %s`,
        })),
      ),
    ),
    precondition: { kind: 'lines' },
    idempotency: null,
    actor: testActor(),
  });
  await loadTail(ctx, { chainId: open.chainId });
  const lines = fixture('occasio', 'valid').toString().trimEnd().split('\n').length + OPEN;
  await vi.waitUntil(async () => (await population()).length === lines, { timeout: 60_000, interval: 500 });
}, 300_000);
afterAll(async () => {
  await installation?.stop();
  await rm(folder, { recursive: true });
});

const populationFile = () => eventsNdjson(installation.ctx, EVER).then(text);
const population = async () => (await populationFile()).split('\n').slice(0, -1);

async function drawn(by = BY): Promise<RecordSample> {
  for await (const step of drawSample(installation.ctx, { ...EVER, ...by })) if ('sample' in step) return step.sample;
  throw new Error('nothing was drawn');
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

it('is what anybody draws from the lines of the search', async () => {
  const lines = await population();
  const ranks = lines
    .map((line, at) => ({ rank: sha256(`${BY.seed}\n${line}`), line: at }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  const sample = await drawn();
  expect(sample.records.map(({ rank, line }) => ({ rank, line }))).toEqual(ranks.slice(0, BY.size));
  expect(sample.population).toMatchObject({ records: lines.length, sha256: sha256(await populationFile()) });
  expect((await drawn({ ...BY, size: 500 })).records).toHaveLength(lines.length);
  expect(await drawn()).toEqual(sample);
  expect((await drawn({ ...BY, seed: 'another' })).records).not.toEqual(sample.records);
});

it('is handed over with its lines and proofs, and the commands in it draw and prove it again', async () => {
  const { ctx } = installation;
  const lines = await population();
  const sample = await drawn();
  const zip = await buffer(await sampleZip(ctx, { ...EVER, ...BY, population: sample.population.sha256 }));
  const files = await unpack(zip);
  await Promise.all(
    [...files].map(async ([name, bytes]) => {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), bytes);
    }),
  );
  const given = JSON.parse(String(files.get('sample.json'))) as RecordSample & {
    records: { files: { line: string; proof: string | null } }[];
  }; // made above
  expect(given).toMatchObject(sample);
  for (const { line, chain, files: at } of given.records) {
    expect(String(files.get(at.line))).toBe(`${lines[line]}\n`);
    expect(at.proof === null).toBe(chain === 'open');
  }
  expect(new Set(given.records.map(({ chain }) => chain)).size).toBe(2); // both kinds were drawn, or it shows nothing

  await writeFile(path.join(folder, 'population.ndjson'), await populationFile());
  await writeFile(
    path.join(folder, 'signing-keys.json'),
    JSON.stringify({ items: await listKeys(ctx), nextCursor: null }),
  );
  const readme = String(files.get('README.md'));
  const [download, same, again, plainly, prove] = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(
    ([, block = '']) => block,
  );
  expect(download).toContain('/api/v1/events.ndjson?from=2000');
  const run = (command = '') =>
    spawnSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, encoding: 'utf8' });
  expect(run(same)).toMatchObject({ status: 0, stdout: 'population.ndjson: OK\n' });
  expect(run(again)).toMatchObject({ status: 0, stdout: expect.stringMatching(/as in sample\.json\n$/) });
  expect(run(plainly).stdout).toBe(sample.records.map(({ rank, line }) => `${rank} ${line}\n`).join(''));
  const proven = run(prove);
  expect(proven.stdout).not.toContain('does not hold');
  expect(proven.stdout.match(/holds/g)?.length ?? 0).toBeGreaterThan(0);

  // Another population, another seed, another record: each is told.
  const sampled = path.join(folder, 'sample.json');
  await copyFile(sampled, `${sampled}.kept`);
  for (const [is, was] of [
    [`"seed": "${BY.seed}"`, '"seed": "auditor-2025"'],
    [`"line": ${sample.records[3]?.line},`, '"line": 0,'],
    [sample.population.sha256, '0'.repeat(64)],
  ] as const) {
    await writeFile(sampled, (await readFile(`${sampled}.kept`, 'utf8')).replace(is, was));
    expect(run(again)).toMatchObject({ status: 1, stdout: expect.stringContaining('differs: ') });
  }
  await copyFile(`${sampled}.kept`, sampled);
  await writeFile(path.join(folder, 'population.ndjson'), (await populationFile()).replace('\n', ' \n'));
  expect(run(same).status).toBe(1);
  expect(run(again)).toMatchObject({ status: 1, stdout: expect.stringContaining('SHA-256 of the population') });
});

it('refuses another population than the one that was drawn from', async () => {
  await expect(sampleZip(installation.ctx, { ...EVER, ...BY, population: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

it('carries the program that checks it', async () => {
  const files = await unpack(await buffer(await sampleZip(installation.ctx, { ...EVER, ...BY, size: 1 })));
  expect(files.get(VERIFIER_PROGRAM)).toEqual(await verifierProgram());
});
