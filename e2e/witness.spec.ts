import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type APIRequestContext, type Page, expect, test } from '@playwright/test';
import * as z from 'zod';
import { violationsOf } from './accessible';
import { ADMIN_STATE, installation, sealtrail } from './installation';
import { NARROW } from './narrow';

const log = readFileSync(path.resolve(import.meta.dirname, '../lib/core/formats/occasio/fixtures/valid.jsonl'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const lines = log.toString().trimEnd().split('\n');
const toLog = (list: readonly string[]) => Buffer.from(list.map((line) => `${line}\n`).join(''));
const hashOf = (line: string | undefined) => z.looseObject({ hash: z.string() }).parse(JSON.parse(line ?? '{}')).hash;

const Receipt = z.object({ chainId: z.string(), relation: z.string(), forkedAt: z.number().nullable() });
const Chain = z.object({
  verdict: z.string(),
  records: z.number(),
  attestedRecords: z.number(),
  problems: z.array(
    z.object({
      code: z.string(),
      record: z.number(),
      line: z.number(),
      expected: z.string().nullable(),
      found: z.string().nullable(),
    }),
  ),
  summary: z.object({
    range: z.object({ from: z.string(), to: z.string() }).nullable(),
    records: z.object({ valid: z.number(), total: z.number() }),
    gaps: z.array(z.unknown()).nullable(),
    sentence: z.string(),
  }),
  sameLog: z.array(z.object({ name: z.string(), relation: z.string() })),
});

/** The same first `at` records, then one more that hashes correctly. */
function branch(at: number): string[] {
  const { hash: _, ...content } = z.looseObject({ hash: z.string() }).parse(JSON.parse(lines[at] ?? ''));
  const record = { ...content, reason: 'another branch' };
  return [
    ...lines.slice(0, at),
    JSON.stringify({ ...record, hash: sha256(Buffer.from(JSON.stringify(record))).toString('hex') }),
  ];
}

let headers: { Authorization: string };
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'witness')}`,
  };
});

/** Sends a log and waits until all stages are through. */
async function send(request: APIRequestContext, chain: string, bytes: Buffer) {
  const response = await request.put(`/api/v1/uploads/${chain}.jsonl?chain=${chain}`, { headers, data: bytes });
  expect(response.status()).toBe(201);
  const receipt = Receipt.parse(await response.json());
  const show = async () =>
    Chain.parse(await (await request.get(`/api/v1/chains/${receipt.chainId}`, { headers })).json());
  await expect
    .poll(
      async () => {
        const { records, attestedRecords } = await show();
        return records > 0 && attestedRecords === records;
      },
      { timeout: 90_000 },
    )
    .toBe(true);
  return { receipt, chain: await show() };
}

async function isAccessible(page: Page) {
  expect(await violationsOf(page)).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

/** What was sent is looked at on a wide screen and on a narrow one. */
function everyScreen<Sent>(
  name: string,
  make: (request: APIRequestContext) => Promise<Sent>,
  look: (page: Page, sent: Sent) => Promise<void>,
): void {
  test(name, async ({ page, request, browser }) => {
    const sent = await make(request);
    await look(page, sent);
    const phone = await browser.newContext({ ...NARROW, storageState: ADMIN_STATE, baseURL: installation().url });
    await look(await phone.newPage(), sent);
    await phone.close();
  });
}

everyScreen(
  'a fork is placed at its record, and the heads say how they relate to it',
  async (request) => {
    await send(request, 'fork', toLog(lines.slice(0, 60)));
    await send(request, 'fork', log);
    const { receipt, chain } = await send(request, 'fork', toLog(branch(100)));
    expect(receipt).toMatchObject({ relation: 'forks', forkedAt: 100 });
    const found = hashOf(branch(100)[100]);
    expect(chain).toMatchObject({
      verdict: 'forked',
      problems: [{ code: 'fork', record: 100, line: 101, expected: hashOf(lines[100]), found }],
    });
    return receipt.chainId;
  },
  async (page, chainId) => {
    await page.goto(`/chains/${chainId}`);
    await expect(page.getByRole('heading', { name: 'Two histories from one record' })).toBeVisible();
    await expect(page.getByText(/another record 100 followed from record 99/).first()).toBeVisible();
    await page.goto(`/chains/${chainId}?tab=heads`);
    await expect(page.getByText('left on another branch')).toBeVisible();
    await expect(page.getByText('still in the chain, grown since')).toBeVisible();
    await expect(
      page.getByRole('table', { name: 'Witnessed heads' }).getByRole('link', { name: 'Record 100' }),
    ).toBeVisible();
    await expect(
      page.getByRole('table', { name: 'Uploads' }).getByText('forked off the chain from Record 100 on'),
    ).toBeVisible();
    await isAccessible(page);
  },
);

everyScreen(
  'the same log under another name is told, with the log as a whole',
  async (request) => {
    await send(request, 'same-original', log);
    const { receipt, chain } = await send(request, 'same-copy', toLog(lines.slice(0, 200)));
    expect(chain.verdict).toBe('verified');
    expect(chain.sameLog).toContainEqual(expect.objectContaining({ name: 'same-original', relation: 'longer' }));
    expect(chain.summary).toMatchObject({
      records: { valid: 200, total: 200 },
      gaps: expect.any(Array),
      sentence: expect.stringContaining('All 200 records hash correctly.'),
    });
    return receipt.chainId;
  },
  async (page, chainId) => {
    await page.goto(`/chains/${chainId}`);
    await page.getByText('Details', { exact: true }).click();
    const elsewhere = page.getByText(/^The same log is also held/);
    await expect(elsewhere).toBeVisible();
    if (/other names/.test((await elsewhere.textContent()) ?? '')) await elsewhere.click();
    await expect(page.getByText('All 200 records hash correctly.')).toBeVisible();
    await isAccessible(page);
    await page.getByRole('link', { name: 'same-original' }).click();
    await expect(page.getByRole('heading', { name: 'same-original' })).toBeVisible();
  },
);

const kept = toLog(lines.slice(0, -1));
const torn = log.subarray(0, kept.length + 77);

everyScreen(
  'a repaired copy is shown first, then downloaded, and matches its digest',
  async (request) => {
    const { receipt, chain } = await send(request, 'torn-at-its-end', torn);
    expect(chain).toMatchObject({ verdict: 'corrupt', problems: [{ code: 'torn-tail', line: 228 }] });

    const response = await request.get(`/api/v1/chains/${receipt.chainId}/repaired`, { headers });
    expect(response.headers()['repr-digest']).toBe(`sha-256=:${sha256(await response.body()).toString('base64')}:`);
    expect((await response.body()).equals(kept)).toBe(true);
    expect(await (await request.get(`/api/v1/chains/${receipt.chainId}/repair`, { headers })).json()).toMatchObject({
      needed: true,
      removed: { bytes: 77, byteOffset: kept.length, line: 228 },
      original: { bytes: torn.length },
    });

    const whole = await send(request, 'torn-made-whole', kept);
    expect((await request.get(`/api/v1/chains/${whole.receipt.chainId}/repaired`, { headers })).status()).toBe(409);
    return receipt.chainId;
  },
  async (page, chainId) => {
    await page.goto(`/chains/${chainId}`);
    await page.getByRole('button', { name: 'Download a repaired copy' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(/leaves out the last 77 bytes/)).toBeVisible();
    await isAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('torn-at-its-end-repaired.jsonl');
    expect(readFileSync(await download.path()).equals(kept)).toBe(true);
  },
);
