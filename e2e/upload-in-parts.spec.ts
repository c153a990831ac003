import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Locator, type Page, expect, test } from '@playwright/test';
import { ADMIN_STATE, installation, sealtrail } from './installation';
import { processesOf } from './launch';
import { apart, occasioLog } from './occasio-log';

const MIB = 1024 * 1024;
/** About 29 MiB: four parts. */
const RECORDS = 70_000;

test.use({ storageState: ADMIN_STATE });

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-parts-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function logFile(name: string, year: number): string {
  const file = path.join(folder, name);
  writeFileSync(file, occasioLog(name, RECORDS, { from: apart(year) }));
  return file;
}

/** The line a slow office has: what happens half-way can be seen. Gives what cuts it and mends it. */
async function slow(page: Page): Promise<(isCut: boolean) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const cut = async (isCut: boolean) => {
    await devtools.send('Network.emulateNetworkConditions', {
      offline: isCut,
      latency: 5,
      downloadThroughput: -1,
      uploadThroughput: 6 * MIB,
    });
  };
  await cut(false);
  return cut;
}

const tray = (page: Page) => page.getByRole('region', { name: 'Uploads' });
const itemOf = (page: Page, name: string) => tray(page).getByRole('listitem').filter({ hasText: name }).first();
const bar = (item: Locator) => item.getByRole('progressbar');
const percent = async (item: Locator) => Number((await bar(item).getAttribute('aria-valuenow')) ?? 'NaN');
const parts = () => readdirSync(path.join(installation().dataDir, 'incoming'));

async function choose(page: Page, file: string, label = 'Logs to upload'): Promise<void> {
  await page.getByLabel(label).setInputFiles(file);
}

/** Where the parts sent from now on begin. */
function offsets(page: Page): number[] {
  const seen: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') seen.push(Number(request.headers()['upload-offset']));
  });
  return seen;
}

test('paused, loaded anew and chosen again, a large file goes on where it stopped', async ({ page }) => {
  const file = logFile('goes-on-in-browser.jsonl', 2018);
  await page.goto('/chains');
  await slow(page);
  await choose(page, file);
  const item = itemOf(page, 'goes-on-in-browser.jsonl');
  await expect(item).toContainText(/MiB of 29 MiB, \d+%, [\d.]+ MiB\/s, .+ left/);
  await expect.poll(() => percent(item)).toBeGreaterThan(35);
  await page.getByRole('button', { name: 'Pause goes-on-in-browser.jsonl' }).click();
  await expect(item).toContainText('paused');
  await page.getByRole('button', { name: 'Go on with goes-on-in-browser.jsonl' }).click();
  await expect(item).toContainText('left');
  await page.getByRole('button', { name: 'Pause goes-on-in-browser.jsonl' }).click();

  await page.reload();
  await expect(item).toContainText('not finished');
  await expect(item).toContainText('Choose the same file again');
  const held = await percent(item);
  expect(held).toBeGreaterThan(25);

  // another file of the name is not taken for it
  const picker = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose the same file again: goes-on-in-browser.jsonl' }).click();
  await (await picker).setFiles({
    name: 'goes-on-in-browser.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.alloc(9 * MIB, 'x'),
  });
  await expect(
    page.getByRole('region', { name: 'Notifications' }).getByText('That is not the file that was begun'),
  ).toBeVisible();

  const sent = offsets(page);
  const second = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose the same file again: goes-on-in-browser.jsonl' }).click();
  await (await second).setFiles(file);
  await expect(item).toContainText('70,000 records', { timeout: 40_000 });
  await expect(item).toContainText(/verified/i);
  expect(sent[0]).toBeGreaterThanOrEqual(8 * MIB);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tus::')))).toEqual([]);
});

test('given up, a large file leaves nothing on the server and nothing in the browser', async ({ page }) => {
  const before = parts();
  await page.goto('/chains');
  await slow(page);
  await choose(page, logFile('stopped-in-browser.jsonl', 2019));
  await expect.poll(() => percent(itemOf(page, 'stopped-in-browser.jsonl'))).toBeGreaterThan(10);
  expect(parts().length).toBeGreaterThan(before.length);
  await page.getByRole('button', { name: 'Stop stopped-in-browser.jsonl' }).click();
  await expect(itemOf(page, 'stopped-in-browser.jsonl')).toHaveCount(0);
  await expect.poll(() => parts().filter((name) => !before.includes(name))).toEqual([]);
  // The browser forgets it once the server's answer came over the slow line.
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tus::'))))
    .toEqual([]);
});

test('a cut connection is said, waited out, and gone on after, on a page that follows what grows', async ({
  page,
  request,
}) => {
  const headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'cut test')}`,
  };
  expect(
    (
      await request.post('/api/v1/chains/grows-while-cut/records', { headers, data: occasioLog('grows-while-cut', 3) })
    ).status(),
  ).toBe(200);
  await page.goto('/chains?q=grows-while-cut');
  const cut = await slow(page);
  await choose(page, logFile('cut-in-browser.jsonl', 2020));
  const item = itemOf(page, 'cut-in-browser.jsonl');
  await expect.poll(() => percent(item)).toBeGreaterThan(20);
  await cut(true);
  await expect(item).toContainText('The server does not answer. Tried again by itself.');
  // the page looks whether it can be read anew, and stays
  await page.waitForEvent('requestfailed', (failed) => failed.url().endsWith('/api/health/live'));
  await expect(item).toContainText('The server does not answer');
  await cut(false);
  await expect(item).toContainText('70,000 records', { timeout: 40_000 });
  await expect(item).toContainText(/verified/i);
});

test('a large folder is packed the same again, so that it goes on too', async ({ page }) => {
  const session = path.join(folder, 'large-session');
  mkdirSync(session);
  for (const name of ['one.jsonl', 'two.jsonl'])
    writeFileSync(path.join(session, name), occasioLog(`folder-${name}`, 40_000, { from: apart(2022) }));
  await page.goto('/chains');
  await slow(page);
  await choose(page, session, 'Folder to upload');
  const item = itemOf(page, 'large-session.tar');
  await expect.poll(() => percent(item)).toBeGreaterThan(35);
  await page.reload();
  await expect(item).toContainText('Choose the same folder again');
  const sent = offsets(page);
  const picker = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose the same folder again: large-session.tar' }).click();
  await (await picker).setFiles(session);
  await expect(item).toContainText('2 logs in it', { timeout: 40_000 });
  expect(sent[0]).toBeGreaterThanOrEqual(8 * MIB);
});

test('what is no log is refused in the words of the server', async ({ page }) => {
  await page.goto('/chains');
  await page.getByLabel('Logs to upload').setInputFiles({
    name: 'large-poem.txt',
    mimeType: 'text/plain',
    buffer: Buffer.alloc(9 * MIB, 'roses are red\n'),
  });
  await expect(itemOf(page, 'large-poem.txt').getByRole('alert')).toContainText(/like none of the formats/);
  await expect(itemOf(page, 'large-poem.txt').getByLabel('Format of large-poem.txt')).toBeVisible();
});

test('what is not recognised is sent again as what a person says it is; a picture is called one', async ({ page }) => {
  await page.goto('/chains');
  await page.getByLabel('Logs to upload').setInputFiles([
    { name: 'holiday.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1') },
    { name: 'odd.log', mimeType: 'text/plain', buffer: Buffer.from('{"a":1}\n{"b":2}\n') },
    { name: 'wide.jsonl', mimeType: 'text/plain', buffer: Buffer.from('\uFEFF{"a":1}\n', 'utf16le') },
    { name: `${'n'.repeat(240)}.log`, mimeType: 'text/plain', buffer: Buffer.from('{"a":1}\n') },
  ]);
  await expect(itemOf(page, 'holiday.png').getByRole('alert')).toContainText('This is a PNG image, not a log');
  await expect(itemOf(page, 'wide.jsonl').getByRole('alert')).toContainText('iconv -f UTF-16 -t UTF-8');
  await expect(
    page.getByRole('alert').filter({ hasText: 'must be at most 200 characters: rename the file' }),
  ).toBeVisible();
  await itemOf(page, 'odd.log').getByLabel('Format of odd.log').selectOption('Occasio');
  await expect(itemOf(page, 'odd.log').getByRole('link', { name: 'odd.log' })).toBeVisible();
});

test('@fault kill -9 of the web process half-way: the page goes on by itself', async ({ page }) => {
  await page.goto('/chains');
  await slow(page);
  await choose(page, logFile('killed-in-browser.jsonl', 2021));
  const item = itemOf(page, 'killed-in-browser.jsonl');
  await expect.poll(() => percent(item), { timeout: 60_000 }).toBeGreaterThan(20);
  const web = processesOf(installation().dataDir).get('web');
  if (web) process.kill(web, 'SIGKILL');
  await expect(item).toContainText(/does not answer/);
  await expect(item).toContainText('70,000 records', { timeout: 90_000 });
});
