import { type Locator, type Page, expect, test } from '@playwright/test';

type Listed = { total?: number; items: { records: number; attestedRecords: number }[] };

/** A page that holds what the sample data does: all of it lies within the last year. */
const OVERVIEW = '/?period=365d';

const figure = (text: string | null) => Number((text ?? '').replaceAll(/[^\d]/g, ''));
/** Every chain an address of the list opens, from the API that it is made of. */
async function chainsOf(page: Page, href: string): Promise<Listed['items']> {
  const query = new URL(href, 'http://x').searchParams;
  query.set('limit', '500');
  return ((await (await page.request.get(`/api/v1/chains?${query}`)).json()) as Listed).items; // an API of ours
}
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

/** Goes where a figure leads, and gives how many records the explorer says it found there. */
async function recordsBehind(page: Page, link: Locator): Promise<number> {
  const href = (await link.getAttribute('href')) ?? '';
  await page.goto(href);
  const found = page.getByRole('region', { name: 'Over time' }).getByText(/^[\d,]+ records? found/);
  await expect(found).toBeVisible();
  return figure(((await found.textContent()) ?? '').split('record')[0] ?? '');
}

test('each figure of records is how many the explorer finds behind it', async ({ page }) => {
  await page.goto(OVERVIEW);
  const links = page.locator('main a[href^="/events?"]');
  const count = await links.count();
  expect(count).toBeGreaterThan(8);
  for (let at = 0; at < count; at += 1) {
    await page.goto(OVERVIEW);
    const link = links.nth(at);
    const [shown, href] = [figure(await link.textContent()), await link.getAttribute('href')];
    expect([href, await recordsBehind(page, link)]).toEqual([href, shown]);
  }
});

test('each figure of chains, of findings and of signatures is the sum of what it opens', async ({ page }) => {
  await page.goto(OVERVIEW);
  const head = page.locator('main').first();
  const all = await chainsOf(page, '/chains');
  await expect(
    head.getByText(new RegExp(`^${sum(all.map(({ records }) => records)).toLocaleString('en-GB')} records in`)),
  ).toBeVisible();
  for (const link of await page.locator('main h1 ~ div a[href^="/chains?verdict="]').all()) {
    const href = (await link.getAttribute('href')) ?? '';
    expect([href, (await chainsOf(page, href)).length]).toEqual([href, figure(await link.textContent())]);
  }
  const signed = page.getByRole('region', { name: 'Covered by signatures' });
  const ofVerdicts = await signed.locator('a[href^="/chains?verdict="]').all();
  expect(ofVerdicts.length).toBeGreaterThan(1);
  for (const link of ofVerdicts) {
    const href = (await link.getAttribute('href')) ?? '';
    const rows = await chainsOf(page, href);
    expect([href, await link.textContent()]).toEqual([
      href,
      `${sum(rows.map(({ attestedRecords }) => attestedRecords)).toLocaleString('en-GB')} of ${sum(rows.map(({ records }) => records)).toLocaleString('en-GB')}`,
    ]);
  }
  for (const link of await page.locator('main a[href^="/findings?level="], main a[href^="/findings?from="]').all()) {
    const url = new URL((await link.getAttribute('href')) ?? '', 'http://x');
    if (url.searchParams.has('level')) url.searchParams.set('status', 'open');
    const listed = (await (await page.request.get(`/api/v1/findings?${url.searchParams}`)).json()) as Listed; // an API of ours
    expect([url.search, listed.total]).toEqual([
      url.search,
      Number.parseInt(((await link.textContent()) ?? '').replaceAll(',', ''), 10),
    ]);
  }
});

test('the head of a chain leaves the page to its records', async ({ page }) => {
  const { items } = (await (await page.request.get('/api/v1/chains?q=sample/')).json()) as { items: { id: string }[] }; // an API of ours
  for (const { id } of items) {
    await page.goto(`/chains/${id}?tab=records`);
    const [top, tabs] = [
      await page.getByRole('heading', { level: 1 }).boundingBox(),
      await page.getByRole('navigation', { name: 'Views of the chain' }).boundingBox(),
    ];
    expect((tabs?.y ?? 0) - (top?.y ?? 0)).toBeLessThanOrEqual(180);
  }
});

test('the tab that is open can be seen @mobile', async ({ page }) => {
  const { items } = (await (await page.request.get('/api/v1/chains?q=sample/')).json()) as { items: { id: string }[] }; // an API of ours
  await page.goto(`/chains/${items[0]?.id}?tab=connect`);
  await expect(page.getByRole('link', { name: 'Connect' })).toBeInViewport({ ratio: 1 });
});
