import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Page, expect, test } from '@playwright/test';
import * as z from 'zod';
import { installation, sealtrail } from './installation';
import { occasioLog } from './occasio-log';

const Document = z.looseObject({
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ operationId: z.string(), tags: z.array(z.string()) })),
  ),
});
const Listed = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
/** They answer 404 or 409 where nothing of their kind is: no root of certificates, no attestation of the record, no torn tail, no policy of a segment's digest, no identity provider. */
const MAY_BE_NONE = /trusted_root|\/proof$|\/repaired$|\/consistency|\/zip$|\/tombstone$|^\/policies\/|\/oidc\//;
/** It goes on until the caller hangs up. */
const GOES_ON = '/api/v1/chains/{chainId}/live';
const STREAM_MS = 3000;

test.describe.configure({ mode: 'serial', timeout: 180_000 });
let folder = '';
let env: NodeJS.ProcessEnv = process.env;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-api-docs-'));
  writeFileSync(path.join(folder, 'FILE'), occasioLog('api-docs', 5));
  env = {
    ...process.env,
    SEALTRAIL_TOKEN: await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'API'),
  };
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a directory of its own: `curl -OJ` writes over nothing. */
function sh(command: string, timeoutMs?: number) {
  const cwd = mkdtempSync(path.join(folder, 'run-'));
  symlinkSync(path.join(folder, 'FILE'), path.join(cwd, 'FILE'));
  return spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8', timeout: timeoutMs });
}

/** The commands of a page by the operation each is of, and names of schemas that links lead to and the page has not. */
const readPage = (page: Page) =>
  page.evaluate(() => ({
    commands: Object.fromEntries(
      Array.from(document.querySelectorAll('[id]:has([aria-label="Command"])'), (card) => [
        card.id,
        card.querySelector('[aria-label="Command"]')?.textContent ?? '',
      ]),
    ),
    dead: Array.from(
      document.querySelectorAll('a[href^="#"]'),
      (link) => link.getAttribute('href')?.slice(1) ?? '',
    ).filter((id) => document.getElementById(id) === null),
  }));

test('the API can be read by anybody: every operation of the document is on a page with a command that a shell takes', async ({
  browser,
}) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, baseURL: installation().url });
  const page = await context.newPage();
  await page.goto('/docs/api');
  const document = Document.parse(await (await page.request.get('/api/openapi.json')).json());
  const operations = Object.entries(document.paths).flatMap(([at, item]) =>
    Object.entries(item).map(([method, operation]) => ({ at, method, ...operation })),
  );
  await expect(page.getByRole('listitem')).toHaveCount(operations.length);
  const [first] = await page.getByLabel('Command').allInnerTexts();
  expect(sh(first ?? '').status).toBe(0);
  for (const { name } of document.tags) {
    await page.goto('/docs/api');
    await page.getByRole('heading', { name, exact: true }).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
    const { commands, dead } = await readPage(page);
    expect(dead).toEqual([]);
    for (const { operationId, at, method } of operations.filter(({ tags }) => tags[0] === name)) {
      const { stderr } = sh(`sh -n <<'END'\n${commands[operationId]}\nEND`);
      expect([`${method} ${at}`, commands[operationId], stderr]).toEqual([
        `${method} ${at}`,
        expect.stringMatching(/^curl -f/),
        '',
      ]);
    }
  }
  await context.close();
});

test('what is read and what is sent can be copied from the pages and run', async ({ page }) => {
  await page.goto('/docs/api/uploads');
  const upload = sh(((await readPage(page)).commands['putUploadsByFileName'] ?? '').replace('FILE_NAME', 'api-docs'));
  expect([upload.status, upload.stderr]).toEqual([0, expect.anything()]);
  const { chainId } = z.looseObject({ chainId: z.string() }).parse(JSON.parse(upload.stdout));
  await page.goto('/docs/api/appends');
  const append = ((await readPage(page)).commands['postChainsByChainIdRecords'] ?? '').replace(
    'CHAIN_ID',
    'api-docs-appended',
  );
  expect(JSON.parse(sh(append).stdout)).toMatchObject({ accepted: 5 });

  const idOf = async (list: string) =>
    Listed.parse(await (await page.request.get(`/api/v1/${list}`)).json()).items[0]?.id ?? '';
  await expect
    .poll(async () => (await (await page.request.get(`/api/v1/chains/${chainId}`)).json()).verdict)
    .not.toBe('pending');
  const segments = z
    .looseObject({ items: z.array(z.looseObject({ digest: z.string() })) })
    .parse(await (await page.request.get(`/api/v1/chains/${chainId}/segments`)).json());
  const filled: Record<string, string> = {
    CHAIN_ID: chainId,
    ORDINAL: '1',
    DIGEST: segments.items[0]?.digest ?? '',
    FINDING_ID: await idOf('findings'),
    ATTESTATION_ID: await idOf('attestations'),
    INTEGRITY: 'integrity.csv',
  };
  const document = Document.parse(await (await page.request.get('/api/openapi.json')).json());
  const run: string[] = [];
  for (const { name } of document.tags) {
    await page.goto(`/docs/api/${name.toLowerCase().replaceAll(' ', '-')}`);
    const { commands } = await readPage(page);
    for (const [at, { get }] of Object.entries(document.paths)) {
      if (!get || get.tags[0] !== name) continue;
      const command = (commands[get.operationId] ?? '').replaceAll(
        new RegExp(`/(${Object.keys(filled).join('|')})(?=[/'?.])`, 'g'),
        (_, placeholder: string) => `/${filled[placeholder]}`,
      );
      if (/\/[A-Z][A-Z_]+(?=[/'?])/.test(command) || command.includes('$SEALTRAIL_SESSION')) continue;
      const { status, stdout, stderr } = sh(command, at === GOES_ON ? STREAM_MS : undefined);
      run.push(at);
      if (at === GOES_ON) expect(stdout).toContain('event: chain');
      else if (MAY_BE_NONE.test(at)) expect([at, [0, 22].includes(status ?? -1), stderr]).toEqual([at, true, stderr]);
      else expect([at, status, stderr]).toEqual([at, 0, stderr]);
    }
  }
  expect(run).toEqual(
    expect.arrayContaining([
      '/api/v1/chains/{chainId}/records',
      '/api/v1/events',
      '/api/v1/chains.csv',
      '/metrics',
      '/verify',
    ]),
  );
  expect(run.length).toBeGreaterThan(40);
});
