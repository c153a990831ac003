import { expect, test } from '@playwright/test';

type Rule = { id: string; title: string; findings: { open: number } };

test('every rule is listed with what it found, and leads to what is to be done and to its findings @mobile', async ({
  page,
}) => {
  const { items } = (await (await page.request.get('/api/v1/rules')).json()) as { items: Rule[] }; // an API of ours
  const rule = items.find(({ findings, title }) => findings.open > 0 && title.startsWith('Burst of denied'));
  if (!rule) throw new Error('the sample has a burst of denied calls');
  await page.goto('/rules');
  const row = page.getByRole('row').filter({ hasText: rule.title });
  await expect(page.getByRole('table', { name: 'Rules' }).getByRole('row')).toHaveCount(items.length + 1);
  await expect(row).toContainText(/\d\d:\d\d/);
  await row.getByRole('link', { name: rule.title }).click();
  await expect(page.getByRole('heading', { level: 1, name: rule.title })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What to do about a finding' })).toBeVisible();
  await expect(page.getByLabel('Rule', { exact: true })).toContainText('correlation:');
  await page
    .getByRole('link', { name: String(rule.findings.open), exact: true })
    .first()
    .click();
  await expect(page).toHaveURL(/\/findings\?status=open&rule=/);
  // On a narrow screen the queue stands alone.
  await expect(page.getByRole('region', { name: 'Queue' }).getByText(rule.title).first()).toBeVisible();
  const { total } = (await (await page.request.get(`/api/v1/findings?status=open&ruleId=${rule.id}`)).json()) as {
    total: number; // an API of ours
  };
  expect(total).toBe(rule.findings.open);
  await expect(page.getByRole('navigation', { name: 'Findings by status' }).getByRole('link').first()).toContainText(
    String(total),
  );
});

test('a rule that is none has no page', async ({ page }) => {
  expect((await page.goto('/rules/nope'))?.status()).toBe(404);
  expect((await page.goto('/rules/00000000-0000-4000-8000-000000000000'))?.status()).toBe(404);
});
