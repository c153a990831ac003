import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { ADMIN_STATE, installation } from './installation';
import { occasioLog } from './occasio-log';

const Health = z.object({ writing: z.enum(['ok', 'degraded']), checks: z.object({ evidence: z.boolean() }) });

test.use({ storageState: ADMIN_STATE });

/** Where new evidence is written before it gets its name. A file in its place makes every write fail, for root too. */
const temp = () => path.join(installation().dataDir, 'evidence', 'tmp');
const aside = () => `${temp()}-aside`;

function breakStore(): void {
  renameSync(temp(), aside());
  writeFileSync(temp(), '');
}

function mendStore(): void {
  rmSync(temp());
  renameSync(aside(), temp());
}

test('a store that takes no writes is said at once, on every page and to whoever asks, and is over after three writes', async ({
  page,
  request,
}) => {
  await page.goto('/chains');
  const banner = page.getByRole('alert').filter({ hasText: 'Ingest is degraded' });
  await expect(page.getByRole('button', { name: /Ingest: All stored/ })).toBeVisible();
  await expect(banner).toHaveCount(0);
  const log = { name: 'while-degraded.jsonl', mimeType: 'application/jsonl', buffer: occasioLog('while-degraded', 5) };

  breakStore();
  try {
    await page.getByLabel('Logs to upload').setInputFiles(log);
    const item = page.getByRole('region', { name: 'Uploads' }).getByRole('listitem').filter({ hasText: log.name });
    await expect(item.getByRole('alert')).toBeVisible();
    await expect(banner).toBeVisible();
    await expect(banner).toContainText(/what was acknowledged is stored/i);
    expect((await request.get('/api/health/ready')).status()).toBe(503);
  } finally {
    mendStore();
  }

  // One write that succeeds is not enough: the first answer that finds the store well again is degraded still.
  let first: string | null = null;
  await expect
    .poll(async () => {
      const health = Health.parse(await (await request.get('/api/health')).json());
      if (health.checks.evidence) first ??= health.writing;
      return health.writing;
    })
    .toBe('ok');
  expect(first).toBe('degraded');
  expect((await request.get('/api/health/ready')).status()).toBe(200);
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Ingest: All stored/ })).toBeVisible();

  await page.getByRole('button', { name: `Try ${log.name} again` }).click();
  await expect(page.getByRole('region', { name: 'Uploads' })).toContainText('5 records');
});
