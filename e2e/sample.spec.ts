import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { sealtrail } from './installation';
import { unzip } from './unzip';

const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-sample-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Draws of what the page finds. */
async function draw(page: Page, seed: string, size: string): Promise<void> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: /^A sample, with proofs/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
  await dialog.getByLabel('Records', { exact: true }).fill(size);
  await dialog.getByLabel('Seed', { exact: true }).fill(seed);
  await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
}

test('an auditor draws a sample by a seed, and checks it by the commands that come with it', async ({ page }) => {
  await page.goto('/events?period=30d&q=chain:sample/*%20decision:deny');
  await draw(page, 'auditor-7', '9');
  const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
  const records = dialog.getByRole('list', { name: 'Records drawn' }).getByRole('listitem');
  await expect(records).toHaveCount(9);
  expect(await violationsOf(page)).toEqual([]);
  const listed = await records.getByRole('link').allInnerTexts();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Save with lines and proofs' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('sample.zip');
  const files = await unzip(await buffer(await download.createReadStream()), folder);
  const sample = JSON.parse(String(files.get('sample.json'))) as { records: { chain: string; ordinal: number }[] }; // of a test that holds its shape
  expect(sample.records.map(({ chain, ordinal }) => `${chain}, record ${ordinal.toLocaleString('en-US')}`)).toEqual(
    listed,
  );

  writeFileSync(path.join(folder, 'signing-keys.json'), await (await page.request.get('/api/v1/signing-keys')).text());
  const env = {
    ...process.env,
    SEALTRAIL_TOKEN: await sealtrail('token', 'create', '--scopes', 'read', '--name', 'auditor'),
  };
  const commands = [...String(files.get('README.md')).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    const ran = spawnSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env, encoding: 'utf8' });
    expect(ran, command).toMatchObject({ status: 0, stdout: expect.not.stringContaining('does not hold') });
  }
});

test('a seed nobody could write into a command is refused, and a drawing can be stopped', async ({ page }) => {
  await page.goto('/events?period=30d&q=chain:sample/*');
  const held = Promise.withResolvers<void>();
  await page.route('**/api/v1/events/sample?*', async (route) => {
    await held.promise;
    await route.continue().catch(() => undefined); // it was stopped
  });
  await draw(page, 'two words', '9');
  const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
  await expect(dialog.getByLabel('Seed', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Seed', { exact: true }).fill('one');
  await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Draw', exact: true })).toBeVisible();
  held.resolve();
  await page.unroute('**/api/v1/events/sample?*');
  await dialog.getByLabel('Records', { exact: true }).fill('501');
  await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('500');
});

test('a sample fits a narrow screen @mobile', async ({ page }) => {
  await page.goto('/events?period=30d&q=chain:sample/*');
  await draw(page, 'phone', '5');
  await expect(page.getByRole('list', { name: 'Records drawn' }).getByRole('listitem')).toHaveCount(5);
  expect(await violationsOf(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
    0,
  );
});
