import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { zipOf } from './zip';

type Rule = { id: string; title: string; findings: { new: number } };

test('every rule is listed with what it found, and leads to what is to be done and to its findings @mobile', async ({
  page,
}) => {
  const { items } = (await (await page.request.get('/api/v1/rules')).json()) as { items: Rule[] }; // an API of ours
  const rule = items.find(({ findings, title }) => findings.new > 0 && title.startsWith('Burst of denied'));
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
    .getByRole('link', { name: String(rule.findings.new), exact: true })
    .first()
    .click();
  await expect(page).toHaveURL(/\/findings\?status=new&rule=/);
  // On a narrow screen the queue stands alone.
  await expect(page.getByRole('region', { name: 'Queue' }).getByText(rule.title).first()).toBeVisible();
  const { total } = (await (await page.request.get(`/api/v1/findings?status=new&ruleId=${rule.id}`)).json()) as {
    total: number; // an API of ours
  };
  expect(total).toBe(rule.findings.new);
  await expect(page.getByRole('navigation', { name: 'Findings by status' }).getByRole('link').first()).toContainText(
    String(total),
  );
});

test('a rule that is none has no page', async ({ page }) => {
  expect((await page.goto('/rules/nope'))?.status()).toBe(404);
  expect((await page.goto('/rules/00000000-0000-4000-8000-000000000000'))?.status()).toBe(404);
});

const ID = (n: number) => `6f6c0b1e-5d0a-4c1b-9d52-6c6f0e6f0b0${n}`;
const textOf = (n: number, tool: string) => `title: Uses of ${tool} ${n}
id: ${ID(n)}
logsource:
  product: ai_agent
  service: guardrail
detection:
  used:
    tool: ${tool}
  condition: used
level: low
`;
async function accessible(page: Page): Promise<void> {
  expect(await violationsOf(page, { targets: true })).toEqual([]);
}

test('a rule is written with its mistakes at their line, tried over the last days, kept, edited, compared and switched off', async ({
  page,
}) => {
  test.slow();
  await page.goto('/rules');
  await page.getByRole('link', { name: 'New rule' }).click();
  const text = page.getByLabel('Text of the rule');
  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(page.getByText('It is a rule.')).toBeVisible();

  await text.fill(textOf(1, 'grant_role').replace('condition: used', 'condition: used and'));
  await page.getByRole('button', { name: 'Line 9, column 21' }).click();
  await expect(text).toBeFocused();
  await expect(preview).toContainText('as soon as the text is a rule');

  // Completed by keyboard: a modifier, and the name of a selection.
  await text.fill(textOf(1, 'grant_role').replace(/level:[^]*/, ''));
  await text.press('Control+End');
  await text.pressSequentially('lev');
  await expect(page.getByRole('option', { name: /^level:/ })).toBeVisible();
  await text.press('Enter');
  await text.pressSequentially('lo');
  await text.press('Enter');
  await expect(text).toHaveValue(textOf(1, 'grant_role').trimEnd());
  await expect(page.getByText('It is a rule.')).toBeVisible();
  await preview.getByRole('combobox').selectOption('30');
  await expect(preview.getByRole('status')).toHaveText(/^Would have fired (once|\d+ times) among [\d,]+ records\./);
  await expect(preview.getByRole('list', { name: 'What would have been found' })).toContainText('grant_role');
  await accessible(page);

  await page.getByLabel('Note').fill('to see it work');
  await page.getByRole('button', { name: 'Save the rule' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Uses of grant_role 1' })).toBeVisible();
  await expect(page.getByText('All of it was looked at')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('to see it work');

  await page.getByRole('link', { name: 'Edit' }).click();
  await text.fill(textOf(1, 'grant_role').replace('level: low', 'level: informational'));
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await page.getByRole('link', { name: 'Version 2' }).click();
  const changes = page.getByRole('figure', { name: 'Changes of version 2' });
  await expect(changes).toContainText('gone: level: low');
  await expect(changes).toContainText('new: level: informational');
  await accessible(page);

  await page.getByRole('switch', { name: 'Run Uses of grant_role 1' }).click();
  await expect(page.getByText('Does not run', { exact: true })).toBeVisible();
  await page.goto('/rules?show=disabled');
  await expect(page.getByRole('row').filter({ hasText: 'Uses of grant_role 1' })).toContainText('Does not run');
});

test('Sigma files are imported with a report of what is refused and where', async ({ page }) => {
  await page.goto('/rules');
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import rules' });
  const windows = textOf(3, 'x').replace('    tool: x', '    Image|endswith: whoami.exe');
  await dialog.getByLabel('They run at once').uncheck();
  await dialog.getByLabel('File').setInputFiles({
    name: 'rules.zip',
    mimeType: 'application/zip',
    buffer: zipOf({ 'a/kept.yml': Buffer.from(textOf(2, 'Kept')), 'a/windows.yml': Buffer.from(windows) }),
  });
  await expect(dialog.getByText('Would be kept: 1 rule. Refused: 1 file.')).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'Refused' })).toContainText('a/windows.yml:8:5');
  await expect(dialog.getByRole('list', { name: 'Refused' })).toContainText('"Image" is no field of a record');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Keep 1 rule' }).click();
  await expect(dialog.getByText('Kept: 1 rule. Refused: 1 file.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Uses of Kept 2' })).toContainText('version 1');
});

test('a search of the explorer becomes a rule, and one that cannot says why', async ({ page }) => {
  await page.goto('/events?period=30d&q=decision%3Adeny+tool%3ABash');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Make a rule of this search' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Rule of a search' })).toBeVisible();
  await expect(page.getByLabel('Text of the rule')).toHaveValue(/selection:\n {4}decision: deny\n {4}tool: Bash\n/);
  await expect(page.getByText('It is a rule.')).toBeVisible();
  await page.goto('/rules/new?q=chain:web');
  await expect(page.getByRole('alert').filter({ hasText: 'take the chain out' })).toBeVisible();
});
