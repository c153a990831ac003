import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type APIRequestContext, type Page, expect, test } from '@playwright/test';
import * as z from 'zod';
import { violationsOf } from './accessible';
import { sealtrail } from './installation';

const SAMPLES = path.resolve(import.meta.dirname, '../lib/core/formats');
const Receipt = z.object({ chainId: z.uuid(), records: z.number() });
const Attestation = z.object({
  id: z.uuid(),
  verdict: z.string(),
  records: z.number(),
  subjects: z.array(z.object({ name: z.string(), sha256: z.string() })),
});

let headers: { Authorization: string };
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'attestations test')}`,
  };
});

/** Uploads a sample and waits until it is attested. */
async function upload(request: APIRequestContext, chain: string, sample: string): Promise<string> {
  const response = await request.put(`/api/v1/uploads/${path.basename(sample)}?chain=${encodeURIComponent(chain)}`, {
    headers,
    data: readFileSync(path.join(SAMPLES, sample.replace('/', '/fixtures/'))),
  });
  const { chainId, records } = Receipt.parse(await response.json());
  const attested = async () =>
    z
      .object({ attestedRecords: z.number() })
      .parse(await (await request.get(`/api/v1/chains/${chainId}/coverage`, { headers })).json()).attestedRecords;
  await expect.poll(attested, { timeout: 90_000 }).toBe(records);
  return chainId;
}

async function accessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
}

test('a part of a chain is signed by itself, and can be had as a file of its own', async ({ page, request }) => {
  const chainId = await upload(request, 'parted', 'occasio/tampered.jsonl');
  await page.goto(`/chains/${chainId}?tab=attestations`);
  await page.getByRole('button', { name: 'Sign a part' }).click();
  await page.getByLabel('First record').fill('90');
  await page.getByLabel('Last record').fill('98');
  await accessible(page);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  // It is said where one is at once, and stands on the page it leads to.
  await expect(page.getByRole('heading', { name: 'Signed: Verified' })).toBeVisible();
  await expect(page.locator('#main').getByText('Signed: Verified')).toBeVisible();
  await expect(page.getByText('These records alone; the chain they are part of: Tampered')).toBeVisible();
  await expect(page.getByText('Signed, and the signature holds')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('records 90 to 98 of parted');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Verified');
  await accessible(page);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Records' }).click();
  const bytes = readFileSync(await (await download).path());
  const lines = readFileSync(path.join(SAMPLES, 'occasio/fixtures/tampered.jsonl'), 'utf8').split('\n');
  expect(bytes.toString('utf8')).toBe(`${lines.slice(90, 99).join('\n')}\n`);
  await expect(page.getByText(createHash('sha256').update(bytes).digest('hex')).first()).toBeVisible();
});

test('a policy is given to a chain, asked for before the page is awake, and what it covers is shown', async ({
  page,
  request,
}) => {
  const chainId = await upload(request, 'with a policy', 'arbiter/valid.jsonl');
  await page.route('**/_next/static/chunks/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.goto(`/chains/${chainId}?tab=attestations`, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Policy' }).click();
  await expect(page.getByLabel('Every so many records')).toBeVisible();
  await page.unrouteAll({ behavior: 'wait' });
  await page.keyboard.press('Escape');
  await expect(page.getByText('220 of 220 records')).toBeVisible();
  await page.getByRole('button', { name: 'Policy' }).click();
  await page.getByLabel('Whenever a segment is closed or an upload changes the chain').uncheck();
  await page.getByLabel('Every so many records').fill('50');
  await page.getByLabel('verification result (in-toto SVR)').check();
  await accessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Attested after every 50 records and when the chain is sealed.')).toBeVisible();
  await expect(page.getByText('This chain has a policy of its own.')).toBeVisible();
  await page.getByRole('button', { name: 'Policy' }).click();
  await page.getByRole('button', { name: 'Use the policy of all chains' }).click();
  await expect(page.getByText('As every chain without a policy of its own.')).toBeVisible();
});

test('an attestation is withdrawn with a reason everybody can read, and attested again', async ({ page, request }) => {
  const chainId = await upload(request, 'withdrawn', 'vouch/valid.jsonl');
  const { items } = z
    .object({ items: z.array(Attestation) })
    .parse(await (await request.get(`/api/v1/chains/${chainId}/attestations`, { headers })).json());
  await page.goto(`/attestations/${items[0]?.id}`);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Withdraw' })).toBeDisabled();
  await page.getByLabel('Reason, for everybody to read').fill('the wrong log was uploaded');
  await accessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('Signed, and withdrawn since')).toBeVisible();
  await expect(page.getByText(/the wrong log was uploaded/)).toBeVisible();
  await expect.poll(() => publishedEntries(request), { timeout: 15_000 }).toContain('the wrong log was uploaded');

  await page.getByRole('button', { name: 'Attest again' }).click();
  await expect(page.getByText('Signed, and the signature holds')).toBeVisible();
  await page.goto(`/attestations/${items[0]?.id}`);
  await expect(page.getByText('has replaced it')).toBeVisible();
});

/** Entries of the log's last, unfinished tile. */
async function publishedEntries(request: APIRequestContext): Promise<string> {
  const size = Number((await (await request.get('/tlog/checkpoint')).text()).split('\n')[1]);
  const [index, width] = [Math.floor(size / 256), size % 256];
  return (
    await request.get(`/tlog/tile/entries/${String(index).padStart(3, '0')}${width ? `.p/${width}` : ''}`)
  ).text();
}

test('a period is attested across chains and packed for an auditor', async ({ page, request }) => {
  await upload(request, 'in the period', 'occasio/valid.jsonl');
  await page.goto('/attestations');
  await page.getByRole('button', { name: 'Attest a period' }).click();
  await page.getByLabel('First day (UTC)').fill('2026-05-11');
  await page.getByLabel('Last day (UTC)').fill('2026-05-11');
  await accessible(page);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('of the period');
  await expect(page.getByRole('link', { name: 'in the period', exact: true })).toBeVisible();
  await accessible(page);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Hand over evidence' }).click();
  await expect(page.getByText('The evidence is packed')).toBeVisible();
  const zip = await (await download).path();
  expect((await download).suggestedFilename()).toMatch(/^evidence-.*\.zip$/);
  const listed = spawnSync(
    process.execPath,
    [
      '-e',
      'require("yauzl").open(process.argv[1],{lazyEntries:true},(e,z)=>{if(e)throw e;z.on("entry",(n)=>{console.log(n.fileName);z.readEntry()});z.readEntry()})',
      zip,
    ],
    { encoding: 'utf8' },
  );
  expect(listed.stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'MANIFEST.sha256',
      'MANIFEST.sha256.sigstore.json',
      'README.md',
      'verify.html',
      'findings.json',
    ]),
  );
  await page.goto('/attestations?view=packages');
  await expect(page.getByRole('row').filter({ hasText: 'ZIP' }).first()).toBeVisible();
});

test('what it takes to check our signatures is there for anybody', async ({ browser, request, baseURL }) => {
  await upload(request, 'for anybody', 'nono/valid.jsonl');
  const stranger = await browser.newContext({ baseURL: baseURL ?? '', storageState: { cookies: [], origins: [] } });
  const page = await stranger.newPage();
  await page.goto('/trust');
  await expect(page.getByText('in use')).toBeVisible();
  const trust = z
    .object({
      keys: z.array(z.object({ hint: z.string(), publicKeyPem: z.string() })),
      log: z.object({ verifierKey: z.string(), checkpoint: z.string() }),
    })
    .parse(await (await stranger.request.get('/api/v1/trust')).json());
  await expect(page.getByText(trust.keys[0]?.hint ?? 'no key', { exact: true })).toBeVisible();
  await expect(page.getByText(trust.log.verifierKey, { exact: true })).toBeVisible();
  await accessible(page);
  for (const refused of [
    '/api/v1/attestations',
    '/api/v1/packages',
    '/api/v1/attestation-requests',
    '/api/v1/attestation-policy',
  ])
    expect((await stranger.request.get(refused)).status()).toBe(401);
  await stranger.close();
});

test('a key is rotated: what the old one signed still verifies', async ({ page, request }) => {
  const before = await upload(request, 'before the rotation', 'agentfence/valid.jsonl');
  const { items } = z
    .object({ items: z.array(Attestation) })
    .parse(await (await request.get(`/api/v1/chains/${before}/attestations`, { headers })).json());
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Rotate' }).click();
  await accessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await expect(page.getByText('retired; what it signed still verifies').first()).toBeVisible();
  await page.goto(`/attestations/${items[0]?.id}`);
  await expect(page.getByText('Signed, and the signature holds')).toBeVisible();
  await upload(request, 'after the rotation', 'agentfence/valid.jsonl');
});
