import { type Locator, type Page, expect, test } from '@playwright/test';

type Listed = { total?: number; items: { id: string; name: string; records: number; attestedRecords: number }[] };
const listed = async (page: Page, path: string) => (await (await page.request.get(path)).json()) as Listed; // an API of ours

/** Of chains that no other test adds to. */
const CHAINS = '/chains?q=sample%2F';
const table = (page: Page) => page.getByRole('table', { name: 'Chains' });
const names = (page: Page) => table(page).getByRole('rowheader').getByRole('link').allTextContents();
const head = (page: Page, name: string) => table(page).getByRole('columnheader', { name });
/** What of the rows Tab reaches: one, once the page is alive. */
const stops = (rows: Locator) =>
  rows.locator(':is(a[href], button, input):not([tabindex="-1"])').filter({ visible: true });

async function sortsByRecords(page: Page): Promise<void> {
  await page.goto(CHAINS);
  const { total } = await listed(page, '/api/v1/chains?q=sample%2F');
  await expect(page.getByRole('navigation', { name: 'Pages of chains' })).toContainText(
    `${total} chains, newest first`,
  );
  await expect(head(page, 'Records')).toHaveAttribute('aria-sort', 'none');
  for (const [sort, direction] of [
    ['-records', 'descending'],
    ['records', 'ascending'],
  ] as const) {
    await head(page, 'Records').getByRole('link').click();
    await expect(page).toHaveURL(new RegExp(`sort=${sort}`));
    await expect(head(page, 'Records')).toHaveAttribute('aria-sort', direction);
    const { items } = await listed(page, `/api/v1/chains?q=sample%2F&sort=${sort}`);
    const records = items.map((chain) => chain.records);
    expect(records).toEqual(records.toSorted((a, b) => (sort === 'records' ? a - b : b - a)));
    await expect.poll(() => names(page)).toEqual(items.map(({ name }) => name));
  }
  await page.reload();
  await expect(head(page, 'Records')).toHaveAttribute('aria-sort', 'ascending');
}

test('a column sorts its list both ways, on the server, in the address, and the list states its total', ({ page }) =>
  sortsByRecords(page));
test('a list is sorted on a narrow screen too @mobile', ({ page }) => sortsByRecords(page));

test('pages of a sorted list neither repeat a chain nor miss one', async ({ page }) => {
  const shares: number[] = [];
  for (const sort of ['name', '-verdict', 'records', '-size', '-signed', 'findings', 'last-record', 'created']) {
    const whole = await listed(page, `/api/v1/chains?q=sample%2F&sort=${sort}`);
    const paged: string[] = [];
    let cursor = '';
    do {
      const part = (await (
        await page.request.get(`/api/v1/chains?q=sample%2F&sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`)
      ).json()) as Listed & { nextCursor: string | null }; // an API of ours
      paged.push(...part.items.map(({ id }) => id));
      cursor = part.nextCursor ?? '';
    } while (cursor);
    expect([sort, paged]).toEqual([sort, whole.items.map(({ id }) => id)]);
    if (sort === '-signed')
      shares.push(...whole.items.map(({ attestedRecords, records }) => attestedRecords / records));
  }
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  expect(shares[0]).toBe(1);
});

test('the other lists sort too: attestations, findings, and the tables of a chain', async ({ page }) => {
  await page.goto('/attestations');
  const attestations = page.getByRole('table', { name: 'Attestations' });
  await attestations.getByRole('columnheader', { name: 'Records' }).getByRole('link').click();
  await expect(page).toHaveURL(/sort=-records/);
  const { items } = await listed(page, '/api/v1/attestations?sort=-records&limit=50');
  await expect
    .poll(() =>
      attestations
        .locator('a[data-row-link]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1))),
    )
    .toEqual(items.map(({ id }) => id));

  await page.goto('/findings');
  const order = page.getByRole('navigation', { name: 'Order of the findings' });
  await order.getByRole('link', { name: 'Worst' }).click();
  await expect(page).toHaveURL(/sort=level/);
  // Rules go on finding meanwhile, and the page shows it.
  await expect(async () => {
    const worst = await listed(page, '/api/v1/findings?status=new&sort=level&limit=200');
    const rows = await page
      .locator('[data-finding]')
      .evaluateAll((shown) => shown.map((row) => row.getAttribute('data-finding')));
    expect(rows).toEqual(worst.items.map(({ id }) => id));
    await expect(page.getByRole('region', { name: 'Queue' })).toContainText(`${worst.total} finding`, {
      timeout: 1000,
    });
  }).toPass({ timeout: 15_000 });

  const [chain] = (await listed(page, '/api/v1/chains?q=sample%2Frelease-bot')).items;
  await page.goto(`/chains/${chain?.id}?tab=heads`);
  const uploads = page.getByRole('table', { name: 'Uploads' });
  await uploads.getByRole('columnheader', { name: 'Size' }).getByRole('link').click();
  await expect(page).toHaveURL(/uploads=-size/);
  await expect(page).toHaveURL(/tab=heads/);
  await expect(uploads.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
});

test('rows are one stop of Tab, keys move in them, and a row opens where it is clicked', async ({ page }) => {
  await page.goto(CHAINS);
  const rows = table(page).locator('tbody');
  await expect(stops(rows)).toHaveCount(1);
  await head(page, 'Last record').getByRole('link').focus();
  await page.keyboard.press('Tab');
  const links = table(page).getByRole('rowheader').getByRole('link');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(links.last()).toBeFocused();
  await expect(stops(rows)).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(rows.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(links.last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(links.first()).toBeFocused();
  const href = await links.nth(2).getAttribute('href');
  await rows.getByRole('row').nth(2).getByRole('cell').nth(2).click();
  await expect(page).toHaveURL(href ?? '');
});

test('records sort by a column, all that is found and not what is shown, and the address has it', async ({ page }) => {
  const rows = page.getByRole('table', { name: 'Records found' }).locator('[data-record]');
  const period = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  await page.goto(`/events?${period}&q=chain:sample/*`);
  const tool = page.getByRole('columnheader', { name: 'Tool' });
  await expect(page.getByRole('columnheader', { name: 'Time' })).toHaveAttribute('aria-sort', 'descending');
  for (const [sort, direction] of [
    ['tool', 'ascending'],
    ['-tool', 'descending'],
  ] as const) {
    await tool.getByRole('link').click();
    await expect(tool).toHaveAttribute('aria-sort', direction);
    await expect(page).toHaveURL(new RegExp(`sort=${sort}`));
    const { items } = (await (
      await page.request.get(`/api/v1/events?q=chain:sample/*&${period}&sort=${sort}&limit=10`)
    ).json()) as { items: { chainId: string; ordinal: number }[] }; // an API of ours
    await expect
      .poll(() => rows.evaluateAll((shown) => shown.slice(0, 10).map((row) => row.getAttribute('data-record'))))
      .toEqual(items.map(({ chainId, ordinal }) => `${chainId}:${ordinal}`));
  }
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page).not.toHaveURL(/sort=/);

  const [chain] = (await listed(page, '/api/v1/chains?q=sample%2Frelease-bot')).items;
  await page.goto(`/chains/${chain?.id}?tab=records&sort=-ordinal`);
  const last = page.getByRole('table', { name: 'Records' }).locator('[data-record]').first();
  await expect(last).toHaveAttribute('data-record', `${chain?.id}:${(chain?.records ?? 0) - 1}`);
  await page.getByRole('columnheader', { name: 'Record' }).getByRole('link').click();
  await expect(last).toHaveAttribute('data-record', `${chain?.id}:0`);
  // The end of a chain is not read yet when End is pressed.
  await last.getByRole('button').focus();
  await page.keyboard.press('End');
  await expect(page.locator(`[data-row="${(chain?.records ?? 0) - 1}"] button`)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(last.getByRole('button')).toBeFocused();
});

test('records are put in order on a narrow screen too, by a menu, and the address has it @mobile', async ({ page }) => {
  const rows = page.getByRole('table', { name: 'Records found' }).locator('[data-record]');
  const period = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  await page.goto(`/events?${period}&q=chain:sample/*`);
  await page.getByRole('button', { name: 'Sort: newest first' }).click();
  await page.getByRole('menuitemradio', { name: 'Tool' }).click();
  await expect(page).toHaveURL(/sort=tool/);
  await page.getByRole('button', { name: 'Sort: by tool, upwards' }).click();
  await page.getByRole('menuitemradio', { name: 'Downwards' }).click();
  await expect(page).toHaveURL(/sort=-tool/);
  const { items } = (await (
    await page.request.get(`/api/v1/events?q=chain:sample/*&${period}&sort=-tool&limit=5`)
  ).json()) as { items: { chainId: string; ordinal: number }[] }; // an API of ours
  await expect
    .poll(() => rows.evaluateAll((shown) => shown.slice(0, 5).map((row) => row.getAttribute('data-record'))))
    .toEqual(items.map(({ chainId, ordinal }) => `${chainId}:${ordinal}`));
});

test('records of the explorer and findings of the queue are one stop of Tab', async ({ page }) => {
  await page.goto('/events?period=30d&q=chain:sample/*');
  const records = page.getByRole('table', { name: 'Records found' }).getByRole('rowgroup').last();
  await expect(records.locator('[data-row]').first()).toBeVisible();
  await expect(stops(records)).toHaveCount(1);
  await stops(records).focus();
  await page.keyboard.press('End');
  await expect(records.locator(':focus')).toHaveCount(1);
  await expect(stops(records)).toHaveCount(1);

  await page.goto('/findings');
  const queue = page.getByRole('region', { name: 'Queue' }).getByRole('list').last();
  await expect(stops(queue)).toHaveCount(1);
  await queue.getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(queue.getByRole('button').nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(queue.getByRole('button').last()).toBeFocused();
});

/** Of a page that is never left. */
const marked = (page: Page) => page.evaluate(() => 'isSamePage' in window);
const unreached = (page: Page) => page.getByRole('alert').filter({ hasText: 'Sealtrail cannot be reached' });

async function waitsForServer(page: Page): Promise<void> {
  await page.goto(CHAINS);
  await expect(stops(table(page).locator('tbody'))).toHaveCount(1);
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await page.context().setOffline(true);
  await expect(unreached(page)).toBeVisible();
  await head(page, 'Records').getByRole('link').click();
  await unreached(page).getByRole('button', { name: 'Try again' }).click();
  await expect(unreached(page)).toBeVisible();
  await expect(table(page)).toBeVisible();
  await page.context().setOffline(false);
  await expect(page).toHaveURL(/sort=-records/);
  await expect(head(page, 'Records')).toHaveAttribute('aria-sort', 'descending');
  await expect(unreached(page)).toBeHidden();
  expect(await marked(page)).toBe(true);
}

test('a list asked for while the server cannot be reached is waited for, and says so', ({ page }) =>
  waitsForServer(page));
test('a server that cannot be reached is told of on a narrow screen @mobile', ({ page }) => waitsForServer(page));

test('records, figures and values that could not be read say so, and are read when they are asked for again', async ({
  page,
}) => {
  let isCut = true;
  await page.route('**/api/v1/events**', (route) => (isCut ? route.abort() : route.continue()));
  await page.goto('/events?period=30d&q=chain:sample/*');
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(page.getByRole('heading', { name: 'Records could not be read' })).toBeVisible();
  await expect(page.getByText('Values of fields could not be read.')).toBeVisible();
  await expect(page.getByText('The figures over time could not be read.')).toBeVisible();
  isCut = false;
  const parts = [
    [page.getByRole('region', { name: 'Over time' }), /records? found/],
    [page.getByRole('complementary', { name: 'Values of fields' }), /Decision/],
    [page.getByRole('table', { name: 'Records found' }), /\d/],
  ] as const;
  for (const [part, text] of parts) {
    await part.locator(again).click();
    await expect(part).toContainText(text);
    await expect(part.locator(again)).toBeHidden();
  }
});

test('records of a chain that could not be read say so, and are read when they are asked for again', async ({
  page,
}) => {
  const [chain] = (await listed(page, '/api/v1/chains?q=sample%2Frelease-bot')).items;
  await page.clock.install();
  let isCut = true;
  await page.route('**/api/v1/chains/*/records?**', (route) => (isCut ? route.abort() : route.continue()));
  await page.goto(`/chains/${chain?.id}?tab=records`);
  await expect(page.getByText('Records could not be read.')).toBeVisible();
  await expect(page.getByText('not read').first()).toBeVisible();
  isCut = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('[data-record]').first()).toBeVisible();
  await expect(page.getByText('Records could not be read.')).toBeHidden();
});

for (const isBegun of [true, false])
  test(`a page that does not come says so, with a way to ask for it again: ${isBegun ? 'begun before' : 'never begun'}`, async ({
    page,
  }) => {
    await page.goto('/');
    await page.waitForLoadState('networkidle');
    const link = page.getByRole('link', { name: 'Chains', exact: true }).first();
    if (isBegun) {
      // What a page looks like while it comes is read when its link is pointed at, behind which parts it has.
      await link.hover();
      const read = () =>
        page.evaluate(
          () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/chains?_rsc=')).length,
        );
      await expect.poll(read).toBe(2);
    }
    let isHeld = true;
    await page.route(/\/chains\?_rsc=/, (route) => (isHeld ? undefined : route.continue()));
    await link.click();
    await expect(page).toHaveURL(isBegun ? /\/chains$/ : /\/$/);
    await expect(page.locator('.under-way')).toBeVisible({ visible: !isBegun });
    const said = page.getByRole('status').filter({ hasText: 'This takes longer than it should' });
    await expect(said).toBeVisible({ timeout: 90_000 });
    isHeld = false;
    await said.getByRole('link', { name: 'Try again' }).click();
    await expect(table(page)).toBeVisible();
    await expect(page.locator('.under-way')).toBeHidden();
  });

test('rules sort by what is new of them, and one opens where its row is clicked', async ({ page }) => {
  await page.goto('/rules');
  const rules = page.getByRole('table', { name: 'Rules' });
  const fresh = rules.getByRole('columnheader', { name: 'New' });
  await fresh.getByRole('link').click();
  await expect(page).toHaveURL(/sort=-new/);
  await expect(fresh).toHaveAttribute('aria-sort', 'descending');
  const first = rules.getByRole('row').nth(1);
  await expect(first.getByRole('cell').nth(2)).toHaveText(/^[1-9]/);
  const title = await first.getByRole('rowheader').getByRole('link').textContent();
  await first.getByRole('cell').nth(1).click();
  await expect(page.getByRole('heading', { level: 1, name: title ?? '' })).toBeVisible();
});
