import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';

const download = async (page: Page, name: string) => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('table', { name: 'Files' }).getByRole('link', { name, exact: true }).click(),
  ]);
  return readFile(await file.path());
};

for (const tag of ['', ' @mobile'])
  test(`a report is kept, followed until it is made, opened and handed over file by file${tag}`, async ({ page }) => {
    await page.goto('/reports?period=365d');
    await page.getByRole('button', { name: 'Keep this report' }).click();
    await expect(page).toHaveURL(/\/reports\/runs\/[0-9a-f-]{36}$/);
    await expect(page.getByRole('heading', { level: 1, name: /^Audit log report, / })).toBeVisible();
    await expect(page.getByRole('heading', { level: 2, name: /Files, and what they rest on/ })).toBeVisible({
      timeout: 120_000,
    });
    expect(await violationsOf(page)).toEqual([]);

    const report = JSON.parse((await download(page, 'report.json')).toString('utf8')) as {
      summary: { records: number };
    }; // ours
    expect(report.summary.records).toBeGreaterThan(0);
    await expect(page.getByText(report.summary.records.toLocaleString('en')).first()).toBeVisible();
    const run = JSON.parse((await download(page, 'run.json')).toString('utf8')) as {
      files: { path: string; sha256: string; rows: number | null }[];
    }; // ours
    const log = run.files.find(({ path }) => path === 'access-log.csv');
    expect(log?.rows).toBe(report.summary.records);
    expect(
      createHash('sha256')
        .update(await download(page, 'access-log.csv'))
        .digest('hex'),
    ).toBe(log?.sha256);

    await page.getByRole('link', { name: 'Kept reports' }).first().click();
    await expect(page).toHaveURL(/\/reports\/runs$/);
    await expect(page.getByRole('heading', { level: 1, name: 'Kept reports' })).toBeVisible();
    await expect(page.getByRole('table', { name: 'Kept reports' }).getByRole('row').nth(1)).toContainText('kept');
    expect(await violationsOf(page)).toEqual([]);
  });

test('what is asked for and cancelled says so', async ({ page }) => {
  const headers = { origin: installation().url };
  const asked = await page.request.post('/api/v1/report-runs', {
    data: { from: '2019-01-01T00:00:00Z', to: '2019-02-01T00:00:00Z' },
    headers,
  });
  const { id } = (await asked.json()) as { id: string }; // ours
  const cancelled = await page.request.post(`/api/v1/report-runs/${id}/cancel`, { headers, data: {} });
  // The worker may have been faster.
  expect([200, 409]).toContain(cancelled.status());
  await page.goto(`/reports/runs/${id}`);
  if (cancelled.status() === 200) await expect(page.getByRole('status').getByText('cancelled')).toBeVisible();
  else await expect(page.getByRole('heading', { level: 2, name: /Files/ })).toBeVisible();
  expect((await page.request.get(`/api/v1/report-runs/${id}/files/no-such.csv`)).status()).toBe(
    cancelled.status() === 200 ? 409 : 404,
  );
});
