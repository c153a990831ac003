import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { zipOf } from './zip';

const fixture = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, `../lib/core/formats/${name.replace('/', '/fixtures/')}`));
const KEY = fixture('agentfence/signing.pub.pem').toString();

async function isAccessible(page: Page) {
  expect(await violationsOf(page)).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

async function upload(page: Page, name: string, buffer: Buffer) {
  await page.goto('/chains');
  await page.getByLabel('Logs to upload').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

test('an archive of a session and a rotated log becomes two chains, with what lies beside the session', async ({
  page,
}) => {
  await upload(
    page,
    'export.zip',
    zipOf({
      'audit/20260421-200000-11111/audit-events.ndjson': fixture('nono/valid.jsonl'),
      'audit/20260421-200000-11111/session.json': fixture('nono/session.json'),
      'audit/ledger.ndjson': fixture('nono/ledger.ndjson'),
      'gateway/audit.jsonl': fixture('agentfence/rotated.jsonl'),
      'gateway/audit.jsonl.20260815T000010.000000000Z': fixture('agentfence/rotated-older.jsonl'),
      'notes.txt': Buffer.from('read me\n'),
    }),
  );
  const tray = page.getByRole('region', { name: 'Uploads' });
  const logs = tray.getByRole('list', { name: 'Logs in it' });
  await expect(logs.getByRole('listitem')).toHaveText([
    /Verified.*audit\/20260421-200000-11111.*213 records.*session file/,
    /gateway\/audit\.jsonl.*in 2 files/,
  ]);
  await expect(tray.getByText('1 file left out')).toBeVisible();
  await isAccessible(page);

  await logs.getByRole('link', { name: 'audit/20260421-200000-11111' }).click();
  await page.getByRole('link', { name: /^Sidecar files/ }).click();
  const sidecarFile = page.getByRole('table', { name: 'Sidecar files' });
  await expect(sidecarFile.getByRole('row').filter({ hasText: 'session file' })).toContainText(
    'Holds. 213 events, head and Merkle root agree.',
  );
  await expect(sidecarFile.getByRole('row').filter({ hasText: 'ledger of sessions' })).toContainText('Holds.');
  await isAccessible(page);
  await page.getByRole('link', { name: /^Heads/ }).click();
  await expect(page.getByRole('table', { name: 'Uploads' })).toContainText('export.zip');
});

const everyScreen = (name: string, run: (page: Page, suffix: string) => Promise<void>) => {
  test(name, ({ page }) => run(page, 'wide'));
  test(`${name} @mobile`, ({ page }) => run(page, 'narrow'));
};

everyScreen('a session file that contradicts its log breaks the chain', async (page, suffix) => {
  const session: { audit_integrity: Record<string, unknown> } = JSON.parse(fixture('nono/session.json').toString());
  await upload(page, `contradicted-${suffix}.ndjson`, fixture('nono/valid.jsonl'));
  await page
    .getByRole('region', { name: 'Uploads' })
    .getByRole('link', { name: `contradicted-${suffix}.ndjson` })
    .click();
  await page.getByRole('link', { name: /^Sidecar files/ }).click();
  await expect(page.getByText('No sidecar files yet')).toBeVisible();
  const changed = { ...session, audit_integrity: { ...session.audit_integrity, merkle_root: 'b'.repeat(64) } };
  await page.getByLabel('Sidecar files').setInputFiles({
    name: 'session.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(changed)),
  });
  await expect(page.getByRole('table', { name: 'Sidecar files' })).toContainText('Does not hold.');
  await expect(page.getByRole('main')).toContainText('Tampered');
  await isAccessible(page);
  await page.reload(); // the tray of uploads stands over the table on a small screen
  await page.getByRole('button', { name: 'Set aside: session.json' }).click();
  await expect(page.getByRole('table', { name: 'Sidecar files' })).toContainText('It does not count.');
  await expect(page.getByRole('main')).not.toContainText('Tampered');
});

test('the key of a tool verifies the signatures of its records, until it is retired', async ({ page }) => {
  await upload(page, 'signed.jsonl', fixture('agentfence/signed.jsonl'));
  const link = page.getByRole('region', { name: 'Uploads' }).getByRole('link', { name: 'signed.jsonl' });
  const chain = `${await link.getAttribute('href')}?tab=sidecars`;
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Add a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('gateway');
  await dialog.getByLabel('Public key').fill(KEY);
  await isAccessible(page);
  await dialog.getByRole('button', { name: 'Add key' }).click();
  await expect(page.getByRole('table', { name: 'Guardrail keys' })).toContainText('in use');
  await isAccessible(page);
  await page.goto(chain);
  await expect(page.getByText(/\d+ signatures hold/)).toBeVisible();

  await page.goto('/settings');
  await page.getByRole('button', { name: 'Retire gateway' }).click();
  await dialog.getByLabel('Type “gateway” to confirm').fill('gateway');
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await expect(page.getByRole('table', { name: 'Guardrail keys' })).toContainText('retired');
  await page.goto(chain);
  await expect(page.getByText(/signatures hold/)).toHaveCount(0);
});

test('a log and what rotation made of it, chosen together, go in as one', async ({ page }) => {
  await page.goto('/chains');
  await page.getByLabel('Logs to upload').setInputFiles([
    { name: 'gate.jsonl', mimeType: 'application/octet-stream', buffer: fixture('agentfence/rotated.jsonl') },
    {
      name: 'gate.jsonl-20260815',
      mimeType: 'application/octet-stream',
      buffer: fixture('agentfence/rotated-older.jsonl'),
    },
  ]);
  await expect(page.getByRole('list', { name: 'Logs in it' }).getByRole('listitem')).toHaveText([
    /gate\.jsonl.*in 2 files/,
  ]);
});

test('a folder goes in as it is', async ({ page }, info) => {
  const folder = info.outputPath('session-in-a-folder');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'audit-events.ndjson'), fixture('nono/valid.jsonl'));
  writeFileSync(path.join(folder, 'session.json'), fixture('nono/session.json'));
  await page.goto('/chains');
  await page.getByLabel('Folder to upload').setInputFiles(folder);
  await expect(page.getByRole('list', { name: 'Logs in it' }).getByRole('listitem')).toHaveText([
    /Verified.*session-in-a-folder.*session file/,
  ]);
});

test('a folder chosen before the page is awake goes in too', async ({ page }, info) => {
  const folder = info.outputPath('chosen-early');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'audit.jsonl'), fixture('arbiter/valid.jsonl'));
  const { promise: chosen, resolve: wake } = Promise.withResolvers<void>();
  await page.route(/\.js(\?|$)/, async (route) => {
    await chosen;
    await route.continue();
  });
  await page.goto('/chains', { waitUntil: 'commit' });
  await page.getByLabel('Folder to upload').setInputFiles(folder);
  wake();
  await expect(page.getByRole('region', { name: 'Uploads' })).toContainText('chosen-early');
});
