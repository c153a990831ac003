import { expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';

for (const tag of ['', ' @mobile'])
  test(`a report is defined, scheduled, run, changed, paused and deleted${tag}`, async ({ page }) => {
    test.setTimeout(240_000);
    const name = `Quarter of the board${tag ? ', small' : ''}`;
    await page.goto('/reports');
    await page.getByRole('link', { name: 'Saved reports' }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Saved reports' })).toBeVisible();
    await page.getByRole('button', { name: 'Define a report' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Define a report' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.locator('select[name=of]').selectOption('last-days');
    await dialog.getByRole('spinbutton', { name: 'Days' }).fill('3000');
    await dialog.getByLabel('Time zone').fill('Mars/Olympus');
    await dialog.locator('select[name=every]').selectOption('month');
    await dialog.locator('select[name=day]').selectOption('last');
    await dialog.getByLabel('Time', { exact: true }).fill('06:30');
    await dialog.getByLabel(/Only these chains/).fill('sample/*');
    await dialog.getByRole('button', { name: 'Save report' }).click();
    // What is wrong is said in the dialog, and nothing that was written is gone.
    await expect(dialog.getByRole('alert')).toContainText('IANA time zone');
    await dialog.getByLabel('Time zone').fill('Australia/Lord_Howe');
    await dialog.getByLabel('Signatures').uncheck();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save report' }).click();

    const row = page.getByRole('row').filter({ hasText: name });
    await expect(row).toContainText('last 3,000 days');
    await expect(row).toContainText('The last day of every month at 06:30');
    await expect(row).toContainText('Next');
    expect(await violationsOf(page)).toEqual([]);

    await row.getByRole('button', { name: `Run now: ${name}` }).click();
    await expect(page).toHaveURL(/\/reports\/runs\/[0-9a-f-]{36}$/);
    await expect(
      page.getByRole('heading', { level: 1, name: new RegExp(`^${name}, .* in Australia/Lord_Howe$`) }),
    ).toBeVisible();
    await expect(page.getByRole('heading', { level: 2, name: /Files, and what they rest on/ })).toBeVisible({
      timeout: 120_000,
    });
    await expect(page.getByText('Records of chains sample/* alone.')).toBeVisible();
    await expect(page.getByRole('heading', { level: 2, name: /Signatures/ })).toHaveCount(0);
    await expect(page.getByRole('table', { name: 'Files' }).getByRole('link', { name: 'report.pdf' })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);

    await page.goto('/reports/definitions');
    await expect(row).toContainText('kept');
    await row.getByRole('button', { name: `Pause ${name}` }).click();
    await expect(row).toContainText('Paused');
    await row.getByRole('button', { name: `Change ${name}` }).click();
    const change = page.getByRole('dialog', { name: /Change/ });
    await change.locator('select[name=kind]').selectOption('usage');
    await expect(change.getByLabel('Signatures')).toBeHidden();
    await change.locator('select[name=every]').selectOption('never');
    await change.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('by hand');
    await row.getByRole('button', { name: `Run now: ${name}` }).click();
    await expect(page.getByRole('table', { name: 'By agent' })).toBeVisible({ timeout: 120_000 });
    expect(await violationsOf(page)).toEqual([]);

    await page.goto('/reports/definitions');
    await row.getByRole('link', { name: `All runs of ${name}` }).click();
    await expect(page.getByRole('table', { name: 'Kept reports' }).getByRole('row')).toHaveCount(3);
    await page.goto('/reports/definitions');
    await row.getByRole('button', { name: `Delete ${name}` }).click();
    const confirm = page.getByRole('dialog', { name: 'Delete this definition?' });
    await confirm.getByLabel(/to confirm/).fill(name);
    await confirm.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(row).toHaveCount(0);
  });

test('an integrity report is defined and opened, each chain with its heads and statements', async ({ page }) => {
  await page.goto('/reports/definitions');
  await page.getByRole('button', { name: 'Define a report' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Define a report' });
  await dialog.getByLabel('Name').fill('Whether it holds');
  await dialog.locator('select[name=kind]').selectOption('integrity');
  await dialog.locator('select[name=of]').selectOption('days');
  await dialog.getByLabel('First day').fill('2020-01-01');
  await dialog.getByLabel('Last day').fill('2029-12-31');
  await dialog.getByLabel('Time zone').fill('UTC');
  // Of many chains the page describes those with the worst verdicts in full: these are to be among them.
  await dialog.getByLabel(/Only these chains/).fill('sample/*');
  await dialog.getByRole('button', { name: 'Save report' }).click();
  await page.getByRole('button', { name: 'Run now: Whether it holds' }).click();
  await expect(page.getByRole('table', { name: 'What was found of each chain' })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('table', { name: 'Heads of sample/support-copilot' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'statements.csv' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});

for (const tag of ['', ' @mobile'])
  test(`an incident report is made of a case, and control evidence of a framework is kept${tag}`, async ({ page }) => {
    test.setTimeout(240_000);
    const headers = { origin: installation().url };
    const found = await page.request.get('/api/v1/findings?limit=2&level=critical');
    const { items } = (await found.json()) as { items: { id: string }[] }; // an API of ours
    const title = `Keys were taken${tag}`;
    const data = { title, findingIds: items.map(({ id }) => id), note: 'The night shift knows.' };
    const { id } = (await (await page.request.post('/api/v1/cases', { data, headers })).json()) as { id: string }; // an API of ours
    await page.goto(`/cases/${id}`);
    await page.getByRole('button', { name: 'Incident report' }).click();
    await expect(page.getByRole('heading', { level: 2, name: /Evidence/ })).toBeVisible({ timeout: 120_000 });
    await expect(page.getByText('The night shift knows.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'timeline.csv' })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);

    const definition = {
      name: `Controls of a year${tag}`,
      kind: 'controls',
      framework: 'soc-2',
      period: { of: 'days', firstDay: '2020-01-01', lastDay: '2029-12-31' },
    };
    const made = await page.request.post('/api/v1/reports/definitions', { data: definition, headers });
    expect(made.status()).toBe(201);
    await page.goto('/reports/definitions');
    await page.getByRole('button', { name: `Run now: ${definition.name}`, exact: true }).click();
    await expect(page.getByRole('heading', { level: 2, name: /Figures/ })).toBeVisible({ timeout: 120_000 });
    await expect(page.getByText('Evidence, not a compliance determination').first()).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
  });
