import { type Locator, type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { chainWithFindings } from './chain-with-findings';

const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });
const rows = (page: Page) => queue(page).locator('[data-finding]');
const chosen = (page: Page) => new URL(page.url()).searchParams.get('finding');

test('a finding is gone to, taken up, closed with a verdict and opened again by keyboard alone; the rest is closed by the query', async ({
  page,
}) => {
  const { chainId, listed } = await chainWithFindings(page, 4);
  await page.goto(`/findings?chain=${chainId}`);
  await expect(page.getByRole('article')).toBeVisible();
  const { total, items } = await listed('new');
  // Keys are there once the page is alive.
  await expect(async () => {
    await page.keyboard.press('x');
    await expect(page.getByRole('toolbar', { name: 'Selected findings' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('take it up');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('j');
  await expect.poll(() => chosen(page)).toBe(items[1]?.id);
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect.poll(() => chosen(page)).toBe(items[1]?.id);
  // What is written into a field is no key.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('ja');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(chosen(page)).toBe(items[1]?.id);

  await page.keyboard.press('a');
  await expect(rows(page)).toHaveCount(total - 1);
  await expect.poll(async () => (await listed('in_progress')).total).toBe(1);
  await page.goto(`/findings?chain=${chainId}&status=in_progress`);
  const article = page.getByRole('article');
  await page.getByRole('navigation', { name: 'Findings by assignee' }).getByRole('link', { name: 'Mine' }).click();
  await expect(page).toHaveURL(/assignee=/);
  await expect(rows(page)).toHaveCount(1);
  await expect(article.getByRole('combobox', { name: 'Assignee' }).locator('option:checked')).not.toHaveText(
    'Nobody has it',
  );
  const dialog = page.getByRole('dialog', { name: 'Resolve or close the finding' });
  await expect(async () => {
    await page.keyboard.press('e');
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(dialog.getByLabel('Verdict')).toBeFocused();
  await page.keyboard.type('False');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a drill');
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await listed('closed')).items[0]?.verdict).toBe('false_positive');

  await page.goto(`/findings?chain=${chainId}&status=closed`);
  const history = article.getByRole('region', { name: 'History' });
  await expect(history).toContainText('said: false positive');
  await expect(history).toContainText('a drill');
  await article.getByRole('textbox', { name: 'Comment' }).fill('asked its owner');
  await article.getByRole('button', { name: 'Add comment' }).click();
  await expect(history).toContainText('asked its owner');
  await article.getByRole('heading', { level: 2 }).first().click(); // out of the field
  await page.keyboard.press('r');
  await expect.poll(async () => (await listed('new')).total).toBe(total);

  await page.goto(`/findings?chain=${chainId}`);
  for (const nth of [0, 1]) await rows(page).nth(nth).getByRole('checkbox').check();
  await page.getByRole('toolbar', { name: 'Selected findings' }).getByRole('button', { name: 'Add to case' }).click();
  const gather = page.getByRole('dialog', { name: 'Add 2 findings to a case' });
  const story = `Story of ${chainId}`;
  await gather.getByLabel('Title').fill(story);
  await gather.getByRole('button', { name: 'Add' }).click();
  await expect(gather).toBeHidden();
  await page.getByRole('article').getByRole('link', { name: story }).click();
  await expect(page.getByRole('region', { name: 'Timeline of its findings' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('textbox', { name: 'Note' }).fill('both by one key');
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByRole('region', { name: 'Notes and history' })).toContainText('both by one key');

  await page.goto(`/findings?chain=${chainId}`);
  await queue(page)
    .getByRole('button', { name: `Select all ${total}` })
    .click();
  await page
    .getByRole('toolbar', { name: 'Selected findings' })
    .getByRole('button', { name: 'Resolve or close' })
    .click();
  const all = page.getByRole('dialog', { name: `Resolve or close ${total} findings` });
  await all.getByLabel('Verdict').selectOption('Test');
  await all.getByRole('button', { name: 'Decide' }).click();
  await expect(page.getByText(`${total} findings closed`)).toBeVisible();
  expect((await listed('closed')).items.map(({ verdict }) => verdict)).toEqual(items.map(() => 'test'));
  expect((await listed('new')).total).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await listed('new')).total).toBe(total);
  expect((await listed('closed')).total).toBe(0);
});

test('a finding is suppressed until a day by a key, listed as such, and in the queue again once that is ended', async ({
  page,
}) => {
  const { chainId, listed } = await chainWithFindings(page, 1);
  const { items } = (await (await page.request.get(`/api/v1/findings?chainId=${chainId}`)).json()) as {
    items: { id: string; title: string; group: Record<string, string> }[];
  }; // an API of ours
  const finding = items.find(({ group }) => group['session_id']);
  await page.goto(`/findings?chain=${chainId}&finding=${finding?.id}`);
  const dialog = page.getByRole('dialog', { name: 'Suppress' });
  await expect(async () => {
    await page.keyboard.press('s');
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(dialog.getByLabel('Sigma filter')).toHaveValue(
    new RegExp(`session_id: "${finding?.group['session_id']}"`),
  );
  await expect(dialog.getByRole('status', { name: 'What it would have hidden' })).toContainText(
    'It would have hidden 1 of',
  );
  await dialog.getByLabel('Reason').fill('a drill');
  await dialog.getByLabel('Expires').selectOption('In 7 days');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Suppress' }).click();
  await expect(page.getByText('1 finding suppressed')).toBeVisible();
  await expect.poll(async () => (await listed('new')).total).toBe(items.length - 1);

  await page.goto(`/findings?chain=${chainId}&suppressed=only`);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('article')).toContainText('Suppressed until');
  await page.getByRole('article').getByRole('link', { name: 'see why, or end it' }).click();
  const row = page.getByRole('row').filter({ hasText: finding?.group['session_id'] ?? '' });
  await edit(page, row);
  await expect.poll(async () => (await listed('new')).total).toBe(items.length);
  await page.goto('/findings/suppressions?state=active');
  await row.getByRole('button', { name: 'End' }).click();
  await expect(row).toHaveCount(0);
});

/** Makes the next version of a suppression by keyboard: another reason, and a filter that hides nothing. */
async function edit(page: Page, row: Locator): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Edit as version 2' });
  const opener = row.getByRole('button', { name: 'Edit' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Reason')).toHaveValue('a drill');
  await expect(dialog.getByLabel('Expires').locator('option:checked')).toHaveText(/^As before/);
  const hides = dialog.getByRole('status', { name: 'What it would have hidden' });
  await expect(hides).toContainText('It would have hidden 1 of');
  const save = dialog.getByRole('button', { name: 'Save version 2' });
  await expect(save).toBeDisabled();
  const filter = dialog.getByLabel('Sigma filter');
  const yaml = await filter.inputValue();
  await filter.fill(yaml.replace('session_id:', 'no_such_field:'));
  await dialog.getByRole('button', { name: /^Line \d+, column \d+$/ }).press('Enter');
  await expect(filter).toBeFocused();
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  expect(await filter.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart))).toMatch(
    /^no_such_field/,
  );
  expect(await violationsOf(page)).toEqual([]);
  await filter.fill(yaml.replace(/session_id: "/, 'session_id: "no-'));
  await dialog.getByLabel('Reason').fill('another drill');
  await expect(hides).toContainText('It would have hidden 0 of');
  await save.press('Enter');
  await expect(dialog).toBeHidden();
  const changes = page.getByRole('group', { name: /^Changes of version 2/ });
  await expect(changes).toBeFocused();
  await expect(changes).toContainText('another drill');
  await expect(changes.getByRole('group', { name: 'Lines' })).toContainText('session_id: "no-');
  await expect(row.filter({ hasText: 'replaced by version 2' })).toHaveCount(1);
  await expect(row.filter({ hasText: 'replaced version 1' })).toHaveCount(1);
  expect(await violationsOf(page)).toEqual([]);
}
