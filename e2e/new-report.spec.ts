import { spawnSync } from 'node:child_process';
import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { chainWithFindings } from './chain-with-findings';
import { installation } from './installation';

/** Two clicks from the page of a report: one opens the dialog, one has the report made. */
async function makeReport(page: Page, choose: (dialog: ReturnType<Page['getByRole']>) => Promise<void>): Promise<void> {
  await page.goto('/reports?from=2020-01-01&to=2029-12-31');
  await page.getByRole('button', { name: 'New report…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New report' });
  await expect(dialog.getByLabel('First day')).toHaveValue('2020-01-01');
  await choose(dialog);
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make report' }).click();
  await expect(page).toHaveURL(/\/reports\/runs\/[0-9a-f-]{36}$/, { timeout: 90_000 });
  await expect(page.getByRole('heading', { level: 2, name: /Files, and what they rest on/ })).toBeVisible({
    timeout: 120_000,
  });
}

for (const tag of ['', ' @mobile'])
  test(`a report of any kind is made from the page of a report${tag}`, async ({ page }) => {
    test.setTimeout(300_000);
    for (const [kind, shows] of [
      ['usage', 'By agent'],
      ['integrity', 'What was found of each chain'],
      ['governance', 'Verdict of each chain'],
    ] as const) {
      await makeReport(page, async (dialog) => {
        await dialog.locator('select[name=kind]').selectOption(kind);
        await dialog.getByLabel(/Only these chains/).fill('sample/*');
        if (kind === 'governance') await dialog.getByLabel('Seed').fill('board-2026');
      });
      await expect(page.getByRole('table', { name: shows })).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    }
    // The last of them has the sample that was asked for, and its findings for tools that review code.
    const files = page.getByRole('table', { name: 'Files' });
    for (const file of ['sample.json', 'sample.ndjson', 'sample-proofs.ndjson', 'findings.sarif'])
      await expect(files.getByRole('link', { name: file, exact: true })).toBeVisible();
    await expect(page.getByText('Files accessed')).toBeVisible();
    await makeReport(page, async (dialog) => {
      await dialog.locator('select[name=kind]').selectOption('controls');
      await dialog.locator('select[name=framework]').selectOption('eu-ai-act');
    });
    await expect(page.getByText(/It does not ask for tamper evidence/)).toBeVisible();
  });

for (const tag of ['', ' @mobile'])
  test(`an incident report is made of findings that are selected${tag}`, async ({ page }) => {
    await page.goto('/reports');
    await page.getByRole('button', { name: 'New report…' }).click();
    await page.getByRole('dialog', { name: 'New report' }).getByRole('link', { name: 'findings you select' }).click();
    await expect(page).toHaveURL(/\/findings/);
    const { chainId } = await chainWithFindings(page, 2);
    await page.goto(`/findings?chain=${chainId}`);
    const chosen = page.getByRole('region', { name: 'Queue' }).locator('[data-finding]').getByRole('checkbox');
    for (const nth of [0, 1]) await chosen.nth(nth).check();
    const bar = page.getByRole('toolbar', { name: 'Selected findings' });
    expect(await violationsOf(page)).toEqual([]);
    await bar.getByRole('button', { name: 'Incident report' }).click();
    await expect(page).toHaveURL(/\/reports\/runs\/[0-9a-f-]{36}$/, { timeout: 90_000 });
    await expect(page.getByRole('heading', { level: 2, name: /Evidence/ })).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('link', { name: 'findings.sarif' })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

test('the report of a period lists what was found, and leads from figures to their records', async ({ page }) => {
  await page.goto('/reports?from=2020-01-01&to=2029-12-31');
  const worst = page.getByRole('table', { name: 'The worst findings' });
  await expect(worst.getByRole('row').nth(1)).toBeVisible({ timeout: 60_000 });
  for (const [figure, q] of [
    ['Requests', 'kind:request'],
    ['Files accessed', 'class:path -kind:request decision:(allow OR local OR transform)'],
  ] as const) {
    const link = page.locator(`xpath=//dt[text()="${figure}"]/following-sibling::dd//a`);
    const count = (await link.textContent()) ?? '';
    expect(Number(count.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(new URL((await link.getAttribute('href')) ?? '', page.url()).searchParams.get('q')).toBe(q);
  }
  await page.goto('/findings?foundFrom=2100-01-01T00:00:00Z');
  await expect(page.getByRole('link', { name: 'Narrowed; show all' })).toBeVisible();
  await expect(page.locator('[data-finding]')).toHaveCount(0);
  await page.goto('/reports?period=last-quarter');
  await expect(page.getByRole('button', { name: 'Period: Last quarter' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'New report…' })).toBeHidden();
});

test('on paper every page of a report has its number and what it is not', async ({ page }, info) => {
  const headers = { origin: installation().url };
  const data = { kind: 'integrity', period: { of: 'days', firstDay: '2020-01-01', lastDay: '2029-12-31' } };
  const asked = await page.request.post('/api/v1/reports/definitions/run', { data, headers });
  const { id } = (await asked.json()) as { id: string }; // an API of ours
  for (const [address, shown] of [
    ['/reports?from=2020-01-01&to=2029-12-31', 'Verdict of each chain'],
    [`/reports/runs/${id}`, 'What was found of each chain'],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole('table', { name: shown })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('status', { name: 'The report is being made' })).toHaveCount(0);
    const file = info.outputPath('printed.pdf');
    await page.pdf({ path: file, format: 'A4', preferCSSPageSize: true });
    const { stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const pages = stdout.split('\f').slice(0, -1);
    expect(pages.length).toBeGreaterThan(1);
    const headings = (await page.getByRole('heading', { level: 2 }).allTextContents()).map((text) =>
      text.replaceAll(/\s/g, ''),
    );
    for (const [at, printed] of pages.entries()) {
      expect(printed).toContain('Evidence, not a compliance determination');
      expect(printed).toMatch(new RegExp(`\\s${at + 1}\\s*/\\s*${pages.length}\\s`));
      // No heading stands alone at the end of a page.
      const lines = printed.split('\n').map((line) => line.replaceAll(/\s|\u00b7/g, ''));
      const last = lines.filter((line) => line !== '' && !line.startsWith('Evidence,notacompliance')).at(-1);
      expect(headings).not.toContain(last);
    }
  }
});
