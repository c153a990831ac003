import { text } from 'node:stream/consumers';
import { type Page, expect, test } from '@playwright/test';
import { sealtrail } from './installation';
import { occasioLog } from './occasio-log';

const search = (page: Page) => page.getByRole('combobox', { name: 'Search records' });
const rows = (page: Page) => page.getByRole('table', { name: 'Records found' }).locator('[data-row]');
/** How many the page says are found. */
const found = async (page: Page) => {
  const said = page.getByRole('region', { name: 'Over time' }).getByText(/^[\d,]+ records? found/);
  await expect(said).toBeVisible();
  return Number(/^[\d,]+/.exec(await said.innerText())?.[0].replaceAll(',', ''));
};

test('a search is written with what is proposed, narrowed by values, kept in the address, and undone by going back', async ({
  page,
}) => {
  // Of chains that no other test adds to.
  await page.goto('/events?period=30d&q=chain:sample/*');
  await expect(rows(page).first()).toBeVisible();
  const all = await found(page);
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(' dec');
  await expect(page.getByRole('option', { name: /^decision/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('den');
  await expect(search(page)).toHaveValue('chain:sample/* decision:den');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(search(page)).toHaveValue('chain:sample/* decision:deny ');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/decision(?::|%3A)deny/);
  await expect(search(page)).toBeFocused();
  await expect.poll(() => found(page)).toBeLessThan(all);
  const denied = await found(page);
  expect(denied).toBeGreaterThan(0);
  await expect(rows(page).first()).toContainText('Deny');

  const agents = page.getByRole('region', { name: 'Agent' });
  const first = agents.getByRole('listitem').first().getByRole('button').first();
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => found(page)).toBeLessThanOrEqual(denied);
  const narrowed = page.url();
  await page.reload();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  expect(page.url()).toBe(narrowed);
  await page.goBack();
  await expect.poll(() => found(page)).toBe(denied);
  await page.goBack();
  await expect.poll(() => found(page)).toBe(all);
});

test('what is wrong with a search is said where it stands, and nothing is asked', async ({ page }) => {
  await page.goto('/events?period=30d');
  await search(page).fill('tol:bash');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is no field tol. Did you mean tool?')).toBeVisible();
  expect(page.url()).not.toContain('q=');
});

test('a record opens beside the list by keyboard, its values narrow the search, and its neighbours follow', async ({
  page,
}) => {
  await page.goto('/events?period=30d&q=decision:deny');
  await rows(page).first().getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows(page).nth(1).getByRole('button')).toBeFocused();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('region', { name: 'What it says' })).toBeVisible();
  const before = await panel.getByRole('heading').first().innerText();
  await page.keyboard.press('j');
  await expect(panel.getByRole('heading').first()).not.toHaveText(before);
  await panel.getByRole('button', { name: 'Search for this Tool' }).click();
  await expect(page).toHaveURL(/tool/);
  await expect(panel).toBeHidden();
});

test('a part of the chart becomes the period', async ({ page }) => {
  await page.goto('/events?period=30d');
  const all = await found(page);
  const chart = page.getByRole('img', { name: /^Records by decision/ });
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is not there');
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{4}.*to=\d{4}/);
  await expect.poll(() => found(page)).toBeLessThanOrEqual(all);
});

test('while live, a record is there seconds after it was appended', async ({ page }) => {
  const token = await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'events test');
  await page.goto('/events?period=15m&q=agent:live-agent');
  await expect(page.getByText('No record is found')).toBeVisible();
  await page.getByRole('button', { name: 'Live' }).click();
  const append = await page.request.post('/api/v1/chains/events-live/records', {
    headers: { Authorization: `Bearer ${token}` },
    data: occasioLog('events-live', 3, { agent: 'live-agent', from: new Date(Date.now() - 10_000) }),
  });
  expect(append.ok()).toBe(true);
  await expect(rows(page)).toHaveCount(3, { timeout: 90_000 });
});

test('a figure of the overview is that of the records it leads to', async ({ page }) => {
  // Others add records meanwhile: it is read again until nothing came between.
  await expect(async () => {
    await page.goto('/');
    const row = page.getByRole('row', { name: /^Denied/ });
    const link = row.getByRole('link').first();
    const figure = Number((await link.innerText()).replaceAll(/\D/g, ''));
    expect(figure).toBeGreaterThan(0);
    await link.click();
    await expect(page).toHaveURL(/\/events\?q=decision/);
    await expect.poll(() => found(page), { timeout: 5_000 }).toBe(figure);
  }).toPass();
});

test('what is found is saved, line by line as it was written', async ({ page }) => {
  // Of chains that no other test adds to.
  await page.goto('/events?period=30d&q=chain:sample/*%20decision:deny');
  const denied = await found(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^Lines as they were written/ }).click(),
  ]);
  const lines = (await text(await download.createReadStream())).trimEnd().split('\n');
  expect(lines).toHaveLength(denied);
  expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
});

test('an export says how far it is, and nothing is left of one that is stopped', async ({ page }) => {
  await page.goto('/events?period=30d');
  expect(await found(page)).toBeGreaterThan(0);
  const held = Promise.withResolvers<void>();
  await page.route('**/api/v1/events.csv*', async (route) => {
    await held.promise;
    await route.continue().catch(() => undefined); // it was stopped
  });
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Fields, as CSV' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^0 B saved of/ })).toBeVisible();
  await page.getByRole('status').getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Export stopped')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeVisible();
  held.resolve();
  await page.unroute('**/api/v1/events.csv*');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Fields, as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('events.csv');
  expect(await text(await download.createReadStream())).toContain('recorded_at');
  expect(downloads).toBe(1);
});

test('fits a narrow screen @mobile', async ({ page }) => {
  await page.goto('/events?period=30d');
  await expect(rows(page).first()).toBeVisible();
  await page.getByRole('button', { name: 'Values of fields' }).click();
  await expect(page.getByRole('region', { name: 'Decision' })).toBeVisible();
});
