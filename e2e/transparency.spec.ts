import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type APIRequestContext, expect, test } from '@playwright/test';
import * as z from 'zod';
import { installation, sealtrail } from './installation';

const LOG = readFileSync(path.resolve(import.meta.dirname, '../lib/core/formats/occasio/fixtures/valid.jsonl'));
const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-transparency-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

let headers: { Authorization: string };
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'transparency')}`,
  };
});

const Attestations = z.object({
  items: z.array(z.object({ id: z.string(), keyHint: z.string(), bundleSha256: z.string() })),
});

/** Uploads the log and waits until it is attested. */
async function attested(request: APIRequestContext, chain: string) {
  const response = await request.put(`/api/v1/uploads/valid.jsonl?chain=${chain}`, { headers, data: LOG });
  const { chainId } = z.object({ chainId: z.string() }).parse(await response.json());
  const list = async () =>
    Attestations.parse(await (await request.get(`/api/v1/chains/${chainId}/attestations`, { headers })).json()).items;
  await expect.poll(async () => (await list()).length, { timeout: 90_000 }).toBeGreaterThan(0);
  const [attestation] = await list();
  if (!attestation) throw new Error('the chain was not attested');
  return { chainId, attestation };
}

/** The files anybody may read, without an account. */
async function log(file: string): Promise<Response> {
  return fetch(`${installation().url}/tlog/${file}`);
}

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length <= 1) return only ?? sha256();
  let middle = 1;
  while (2 * middle < leaves.length) middle *= 2;
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

/** One bundle of entries, held against the tile of their hashes. */
async function entriesIn(index: number, width: number): Promise<Buffer[]> {
  const name = `${String(index).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`;
  const [tile, bundle] = [await log(`tile/0/${name}`), await log(`tile/entries/${name}`)];
  for (const { headers } of [tile, bundle])
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'application/octet-stream',
      'public, max-age=31536000, immutable',
    ]);
  const bytes = Buffer.from(await bundle.arrayBuffer());
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
    entries.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
  expect(Buffer.from(await tile.arrayBuffer())).toEqual(
    Buffer.concat(entries.map((entry) => sha256(Buffer.of(0), entry))),
  );
  return entries;
}

test('anybody can follow the log with what it serves, and finds every bundle in it', async ({ request }) => {
  const { attestation } = await attested(request, 'followed');
  let entries: { kind: string; attestationId: string; bundleSha256: string }[] = [];
  let size = 0;
  await expect
    .poll(
      async () => {
        const checkpoint = await log('checkpoint');
        expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8');
        const [origin, count, root] = (await checkpoint.text()).split('\n');
        expect(origin).toBe(`${new URL(installation().url).host}/tlog`);
        size = Number(count);
        const leaves: Buffer[] = [];
        entries = [];
        for (let index = 0; 256 * index < size; index += 1) {
          const read = await entriesIn(index, Math.min(256, size - 256 * index));
          entries.push(...read.map((entry) => JSON.parse(entry.toString('utf8'))));
          leaves.push(...read.map((entry) => sha256(Buffer.of(0), entry)));
        }
        expect(rootOf(leaves).toString('base64')).toBe(root);
        return entries.map(({ bundleSha256 }) => bundleSha256);
      },
      { timeout: 90_000 },
    )
    .toContain(attestation.bundleSha256);
  expect(entries.find(({ bundleSha256 }) => bundleSha256 === attestation.bundleSha256)).toMatchObject({
    kind: 'attestation',
    attestationId: attestation.id,
  });
  const beyond = String(Math.ceil(size / 256) + 1).padStart(3, '0');
  for (const file of [
    `tile/0/${beyond}`,
    `tile/0/${beyond}.p/1`,
    'tile/7/000.p/1',
    `tile/entries/${beyond}`,
    'tile/0/0',
    'tile',
  ])
    expect((await log(file)).status, file).toBe(404);
});

test('a record is proven from its panel, and the proof holds without the server', async ({ page, request }) => {
  const { chainId, attestation } = await attested(request, 'proven');
  await page.goto(`/chains/${chainId}?tab=records`);
  await page.getByRole('button', { name: 'Open record 17', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Prove this record' }).click();
  const file = path.join(folder, (await download).suggestedFilename());
  await (await download).saveAs(file);
  expect(path.basename(file)).toBe('proven-record-17.proof.json');
  const text = readFileSync(file, 'utf8');
  const line = LOG.toString('utf8').split('\n')[17] ?? '';
  expect(Buffer.from(JSON.parse(text).record.line, 'base64').toString('utf8')).toBe(line);

  const pem = path.join(folder, 'key.pem');
  writeFileSync(
    pem,
    await (await request.get(`/api/v1/signing-keys/${encodeURIComponent(attestation.keyHint)}.pem`)).text(),
  );
  const vkey = (await (await log('log.vkey')).text()).trim();
  const reported = JSON.parse(await sealtrail('verify-proof', file, '--key', pem, '--log-key', vkey, '--json'));
  expect(reported).toMatchObject({ ok: true, record: { ordinal: 17, treeSize: 228, line } });
  writeFileSync(file, text.replace('"ordinal": 17', '"ordinal": 18'));
  await expect(sealtrail('verify-proof', file, '--key', pem)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('FAIL  The record is in the tree with this head'),
  });

  const short = path.join(folder, '17.tlog-proof');
  writeFileSync(
    short,
    await (await request.get(`/api/v1/chains/${chainId}/records/17/proof?format=tlog-proof`, { headers })).body(),
  );
  expect(await sealtrail('verify-proof', short, '--log-key', vkey)).toContain(
    `signed as ${new URL(installation().url).host}/chains/${chainId}`,
  );
});

test('a record no attestation covers says so, and what to do', async ({ page, request }) => {
  const lines = LOG.toString('utf8').split('\n');
  const response = await request.post('/api/v1/chains/unproven/records?format=occasio', {
    headers: { ...headers, 'Content-Type': 'application/x-ndjson' },
    data: Buffer.from(`${lines.slice(0, 5).join('\n')}\n`),
  });
  const { chainId } = z.object({ chainId: z.string() }).parse(await response.json());
  const proof = await request.get(`/api/v1/chains/${chainId}/records/3/proof`, { headers });
  expect(proof.status()).toBe(409);
  expect(await proof.json()).toMatchObject({
    code: 'CONFLICT',
    detail: expect.stringContaining('no signed attestation'),
  });
  await page.goto(`/chains/${chainId}?tab=records`);
  await page.getByRole('button', { name: 'Open record 3', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Prove this record' })).toBeDisabled();
  await expect(page.getByText('It lies in the open segment')).toBeVisible();
});

test('one head of a chain is proven to be the beginning of another', async ({ request }) => {
  const { chainId } = await attested(request, 'heads');
  const query = (path: string) => request.get(`/api/v1/chains/${chainId}/consistency?${path}`, { headers });
  const proof = await (await query('from=100&to=228')).json();
  expect(proof).toMatchObject({
    from: { size: 100 },
    to: { size: 228 },
    checkpoint: expect.stringContaining(`/chains/${chainId}\n228\n`),
  });
  expect(await (await query('from=100&to=228&format=text')).text()).toBe(
    `old 100\n${proof.hashes.join('\n')}\n\n${proof.checkpoint}`,
  );
  expect((await query('from=1&to=229')).status()).toBe(409);
  expect((await query('from=2&to=1')).status()).toBe(400);
});
