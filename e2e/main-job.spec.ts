import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import { type APIRequestContext, expect, test } from '@playwright/test';
import * as z from 'zod';
import { installation, sealtrail } from './installation';

const fixture = (format: string, name: string) =>
  path.resolve(import.meta.dirname, `../lib/core/formats/${format}/fixtures/${name}.jsonl`);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const Receipt = z.object({
  uploadId: z.string(),
  chainId: z.string(),
  format: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  records: z.number(),
  segments: z.number(),
});
const Chain = z.object({
  verdict: z.string(),
  records: z.number(),
  attestedRecords: z.number(),
  problems: z.array(
    z.object({
      code: z.string(),
      line: z.number(),
      expected: z.string().nullable(),
      found: z.string().nullable(),
      message: z.string(),
    }),
  ),
});
const Items = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const Attestation = z.object({ id: z.string(), keyHint: z.string(), predicateType: z.string() });
const Bundle = z.looseObject({
  mediaType: z.string(),
  dsseEnvelope: z.object({
    payload: z.string(),
    payloadType: z.string(),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
  }),
  verificationMaterial: z.looseObject({ publicKey: z.object({ hint: z.string() }) }),
});

let headers: { Authorization: string };
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'main job')}`,
  };
});

/** Uploads as `curl -T` does and waits until the chain is attested. */
async function upload(request: APIRequestContext, file: string, chain: string) {
  const bytes = readFileSync(file);
  const response = await request.put(`/api/v1/uploads/${path.basename(file)}?chain=${chain}`, { headers, data: bytes });
  expect(response.status()).toBe(201);
  const receipt = Receipt.parse(await response.json());
  expect(receipt).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length, segments: 1 });
  await expect
    .poll(async () => (await show(request, receipt.chainId)).attestedRecords, { timeout: 90_000 })
    .toBe(receipt.records);
  return { ...receipt, log: bytes };
}

async function show(request: APIRequestContext, chainId: string) {
  return Chain.parse(await (await request.get(`/api/v1/chains/${chainId}`, { headers })).json());
}

for (const [format, records] of [
  ['occasio', 228],
  ['arbiter', 220],
] as const) {
  test(`a valid ${format} log is verified and a tampered one names its line`, async ({ request, page }) => {
    const valid = await upload(request, fixture(format, 'valid'), `main-${format}-valid`);
    expect(valid).toMatchObject({ format, records });
    expect(await show(request, valid.chainId)).toMatchObject({ verdict: 'verified', records, problems: [] });

    const tampered = await upload(request, fixture(format, 'tampered'), `main-${format}-tampered`);
    const { verdict, problems } = await show(request, tampered.chainId);
    expect(verdict).toBe('tampered');
    const differing = valid.log
      .toString()
      .split('\n')
      .findIndex((line, at) => line !== tampered.log.toString().split('\n')[at]);
    expect(problems).toMatchObject([{ code: 'hash-mismatch', line: differing + 1 }]);

    await page.goto(`/chains/${tampered.chainId}`);
    await expect(page.getByText(problems[0]?.message ?? 'no problem').first()).toBeVisible();
    const line = page.getByText(new RegExp(`line ${differing + 1}\\b`, 'i')).filter({ visible: true });
    await expect(line.first()).toBeVisible();
  });
}

test('the bundle verifies with @sigstore/verify against the segment, and no changed byte of it does', async ({
  request,
}) => {
  const { chainId, log } = await upload(request, fixture('occasio', 'valid'), 'main-bundle');
  const [attestation] = Items(Attestation).parse(
    await (await request.get(`/api/v1/chains/${chainId}/attestations`, { headers })).json(),
  ).items;
  if (!attestation) throw new Error('the chain was not attested');
  const bundle = Bundle.parse(
    await (await request.get(`/api/v1/attestations/${attestation.id}/bundle`, { headers })).json(),
  );
  const key = await (await request.get(`/api/v1/signing-keys/${encodeURIComponent(attestation.keyHint)}.pem`)).text();

  expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
  expect(bundle.verificationMaterial.publicKey.hint).toBe(attestation.keyHint);
  expect(bundle.dsseEnvelope.signatures.map(({ keyid }) => keyid)).toEqual([attestation.keyHint]);
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: attestation.predicateType,
    predicate: { verdict: 'verified', recordRange: { first: 0, last: 227, count: 228 } },
  });
  const segments = Items(z.object({ digest: z.string() })).parse(
    await (await request.get(`/api/v1/chains/${chainId}/segments`, { headers })).json(),
  ).items;
  for (const { digest } of segments) {
    const bytes = await (await request.get(`/api/v1/segments/${digest}/bytes`, { headers })).body();
    expect(sha256(bytes)).toBe(digest);
  }
  const subjects = statement.subject.map((subject: { digest: { sha256: string } }) => subject.digest.sha256);
  expect(subjects).toEqual([sha256(log), ...segments.map(({ digest }) => digest), statement.predicate.tree.rootHash]);

  const trust = toTrustMaterial(
    TrustedRoot.fromJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [],
      certificateAuthorities: [],
      ctlogs: [],
      timestampAuthorities: [],
    }),
    {
      [attestation.keyHint]: {
        rawBytes: Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64'),
        keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
        validFor: { start: new Date(0) },
      },
    },
  );
  const verify = (candidate: unknown) =>
    new Verifier(trust, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 }).verify(
      toSignedEntity(bundleFromJSON(candidate as Parameters<typeof bundleFromJSON>[0])),
    ); // validated by bundleFromJSON
  verify(bundle);
  const altered = structuredClone(bundle);
  altered.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement).replace('"verified"', '"tampered"')).toString(
    'base64',
  );
  expect(() => verify(altered)).toThrow();
});

test('an upload dropped on the page shows its verdict in place', async ({ page }) => {
  await page.goto('/chains');
  const transfer = await page.evaluateHandle(
    (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.jsonl'));
      return data;
    },
    readFileSync(fixture('arbiter', 'tampered'), 'utf8'),
  );
  const target = page.getByText('Drop audit logs to check them');
  // Whoever drags enters one part of the page after another, also once it is awake.
  await expect(async () => {
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
    await expect(target).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await target.dispatchEvent('drop', { dataTransfer: transfer });
  const item = page.getByRole('listitem').filter({ hasText: 'dropped.jsonl' }).filter({ hasText: 'Arbiter' });
  await expect(item).toContainText('220 records');
  await expect(item).toContainText(/tampered/i);
});

test('bad input is refused with its place, and nothing is kept of it', async ({ request }) => {
  const poem = await request.put('/api/v1/uploads/poem.txt', { headers, data: Buffer.from('roses are red\n') });
  expect(poem.status()).toBe(422);
  expect(poem.headers()['content-type']).toBe('application/problem+json');
  expect(await poem.json()).toMatchObject({
    code: 'UNKNOWN_FORMAT',
    line: 1,
    byteOffset: 0,
    status: 422,
    requestId: expect.any(String),
  });
  expect(await (await request.get('/api/v1/chains?q=poem', { headers })).json()).toMatchObject({ items: [] });

  const anonymous = await fetch(`${installation().url}/api/v1/chains`);
  expect(anonymous.status).toBe(401);
  const wrong = await fetch(`${installation().url}/api/v1/chains`, { headers: { Authorization: 'Bearer st_wrong' } });
  expect(wrong.status).toBe(401);
  const reader = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'read', '--name', 'reader')}`,
  };
  const refused = await request.put('/api/v1/uploads/x.jsonl', {
    headers: reader,
    data: readFileSync(fixture('occasio', 'valid')),
  });
  expect(refused.status()).toBe(403);
  expect((await request.get('/api/v1/chains/not-an-id', { headers })).status()).toBe(400);
  expect((await request.get('/api/v1/chains?limit=100000', { headers })).status()).toBe(400);
  expect((await request.get('/api/v1/chains/019a0000-0000-7000-8000-000000000000', { headers })).status()).toBe(404);
});

test('a browser session cannot be used from another site', async ({ page, context }) => {
  await page.goto('/');
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const forged = await fetch(`${installation().url}/api/v1/tokens`, {
    method: 'POST',
    headers: { cookie, origin: 'https://evil.example', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'x', scopes: ['read'] }),
  });
  expect(forged.status).toBe(403);
});

test('CSV files hold what the records say, and no cell runs as a formula', async ({ request }) => {
  const { chainId, log } = await upload(request, fixture('occasio', 'valid'), '=main-csv');
  const period = 'from=2026-05-11T00:00:00Z&to=2026-05-12T00:00:00Z';
  const response = await request.get(`/api/v1/reports/blocked.csv?${period}`, { headers });
  expect(response.headers()['content-type']).toContain('text/csv');
  const text = await response.text();
  const lines = text.split('\r\n');
  expect(lines[0]).toBe(
    'recorded_at,chain,ordinal,agent,session_id,tool,target,decision,reason,policy,secrets_redacted,integrity,hash,segment_sha256,kind,resource_class,original_decision,cost_usd',
  );
  const mine = lines.filter((line) => line.includes("'=main-csv"));
  const blocked = log
    .toString()
    .split('\n')
    .filter((line) => line.includes('"action":"BLOCK"'));
  expect(mine).toHaveLength(blocked.length);
  for (const record of blocked) expect(text).toContain(JSON.parse(record).hash);
  expect(text).not.toMatch(/(^|,)=main-csv/m);
  expect(chainId).toBeTruthy();
  for (const kind of ['access-log', 'secret-events', 'findings']) {
    const other = await request.get(`/api/v1/reports/${kind}.csv?${period}`, { headers });
    expect(other.status()).toBe(200);
    expect((await other.text()).split('\r\n').length).toBeGreaterThan(1);
  }
});
