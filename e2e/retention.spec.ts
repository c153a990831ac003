import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { installation } from './installation';

type Retention = {
  policy: { keepDays: number | null };
  items: { chainId: string; chain: string; state: string; records: number }[];
  states: { state: string; chains: number; records: number }[];
};
const retention = async (page: Page, query = '') =>
  (await (await page.request.get(`/api/v1/retention?limit=500${query}`)).json()) as Retention; // ours

test('how long chains are kept is set, tried and held', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('link', { name: 'Retention' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Retention' })).toBeVisible();
  const { items } = await retention(page);
  const rows = page.getByRole('table', { name: 'Chains and their retention' }).getByRole('row');
  await expect(rows).not.toHaveCount(0);
  expect(await rows.count()).toBeGreaterThanOrEqual(Math.min(50, items.length) + 1);
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Policy', exact: true }).click();
  await page
    .getByRole('dialog', { name: 'How long chains are kept' })
    .getByLabel('Days from the last that was received')
    .fill('400');
  await page.getByRole('dialog', { name: 'How long chains are kept' }).getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Chains are kept for 400 days from the last of them that was received.')).toBeVisible();
  expect((await retention(page)).policy.keepDays).toBe(400);

  // What another policy would make of them: counted as the API does, and nothing is set by it.
  await page.getByLabel('What if chains were kept for so many days').fill('1');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('Nothing was set, and nothing is deleted by it.')).toBeVisible();
  // Others send logs meanwhile: page and API are asked again until nothing came between them.
  await expect(async () => {
    await page.reload();
    const shown = await page
      .getByRole('table', { name: 'States' })
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => [1, 2].map((at) => row.children[at]?.textContent)));
    const { states } = await retention(page, '&keepDays=1');
    expect(shown).toEqual(states.map(({ chains, records }) => [chains, records].map((n) => n.toLocaleString('en'))));
  }).toPass({ timeout: 90_000 });
  expect((await retention(page)).policy.keepDays).toBe(400);

  await page.goto('/settings/retention');
  const [chain] = items;
  await page.getByRole('button', { name: `More for ${chain?.chain}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Legal holds…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Legal holds of/ });
  await expect(dialog.getByText('None is in force.')).toBeVisible();
  await dialog.getByLabel('Reason').fill('a <b>case</b> at court');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Place a hold' }).click();
  await expect(dialog).toBeHidden();
  await page.goto('/settings/retention?state=held');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Legal hold');
  await page.goto(`/chains/${chain?.chainId}`);
  await expect(page.getByText('Under a legal hold: it is not deleted.')).toBeVisible();

  await page.getByRole('link', { name: 'Retention' }).click();
  await page.getByRole('button', { name: `More for ${chain?.chain}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Legal holds…' }).click();
  await expect(dialog.getByText('a <b>case</b> at court')).toBeVisible();
  await dialog.getByRole('button', { name: 'Lift' }).click();
  await expect(dialog.getByText('None is in force.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('No chain is in this state')).toBeVisible();
  await expect.poll(async () => (await retention(page, '&state=held')).items).toEqual([]);
});

test('a chain whose time is not over is not deleted, and is not offered to be', async ({ page }) => {
  const [chain] = (await retention(page)).items;
  const { head, records } = (await (await page.request.get(`/api/v1/chains/${chain?.chainId}`)).json()) as {
    head: string;
    records: number;
  }; // ours
  const answer = await page.request.post(`/api/v1/chains/${chain?.chainId}/deletion`, {
    data: { head, records },
    headers: { origin: installation().url },
  });
  expect([answer.status(), ((await answer.json()) as { state: string }).state]).toEqual([409, 'kept']);
  await page.goto('/settings/retention');
  await page.getByRole('button', { name: `More for ${chain?.chain}`, exact: true }).click();
  await expect(page.getByRole('menuitem', { name: 'How long it is kept…' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Delete…' })).toHaveCount(0);
});

test('retention on a phone @mobile', async ({ page }) => {
  await page.goto('/settings/retention');
  await expect(page.getByRole('heading', { level: 1, name: 'Retention' })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});
