import { type Page, expect, test } from '@playwright/test';

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

type Figure = { href: string; shown: number };
/** The figures of records as the overview shows them now, in its order. */
async function figuresOfRecords(page: Page): Promise<Figure[]> {
  await page.goto(OVERVIEW);
  const links = page.locator('main a[href^="/events?"]');
  await expect(links.first()).toBeVisible();
  const read = await links.evaluateAll((all) =>
    all.map((link) => ({ href: link.getAttribute('href') ?? '', text: link.textContent })),
  );
  return read.map(({ href, text }) => ({ href, shown: figure(text) }));
}

/** Goes where a figure leads, and gives how many records the explorer says it found there. */
async function recordsBehind(page: Page, href: string): Promise<number> {
  await page.goto(href);
  const found = page.getByRole('region', { name: 'Over time' }).getByText(/^[\d,]+ records? found/);
  await expect(found).toBeVisible();
  return figure(((await found.textContent()) ?? '').split('record')[0] ?? '');
}

test('each figure of records is how many the explorer finds behind it', async ({ page }) => {
  const figures = await figuresOfRecords(page);
  expect(figures.length).toBeGreaterThan(8);
  for (let at = 0; at < figures.length; at += 1) {
    let now = figures[at];
    // Others add records meanwhile: the figure and what is behind it are read again until nothing came between.
    await expect(async () => {
      const behind = await recordsBehind(page, now?.href ?? '');
      const { href, shown } = now ?? { href: '', shown: -1 };
      if (behind !== shown) now = (await figuresOfRecords(page))[at];
      expect([href, behind]).toEqual([href, shown]);
    }).toPass();
  }
});

test('each figure of chains, of findings and of signatures is the sum of what it opens', async ({ page }) => {
  const spelled = (count: number) => count.toLocaleString('en-GB');
  await expect(async () => {
    await page.goto(OVERVIEW);
    const signed = page.getByRole('region', { name: 'Covered by signatures' });
    await expect(signed).toBeVisible();
    const shown = await page.locator('main a[href^="/chains"], main a[href^="/findings"]').evaluateAll((links) =>
      links.map((link) => ({
        href: link.getAttribute('href') ?? '',
        text: link.textContent ?? '',
        isSigned: link.closest('section')?.textContent?.includes('Covered by signatures') ?? false,
      })),
    );
    const all = await chainsOf(page, '/chains');
    await expect(
      page.getByText(new RegExp(`^${spelled(sum(all.map(({ records }) => records)))} records in`)),
    ).toBeVisible();
    const ofChains = shown.filter(({ href }) => /^\/chains\?(verdict|waiting)=/.test(href));
    expect(ofChains.filter(({ isSigned }) => isSigned).length).toBeGreaterThan(1);
    for (const { href, text, isSigned } of ofChains) {
      const rows = await chainsOf(page, href);
      const records = spelled(sum(rows.map((row) => row.records)));
      const attested = spelled(sum(rows.map((row) => row.attestedRecords)));
      expect([href, text]).toEqual([
        href,
        isSigned ? `${attested} of ${records}` : expect.stringMatching(new RegExp(`^${spelled(rows.length)} `)),
      ]);
    }
    for (const { href, text } of shown.filter(({ href }) => /^\/findings\?(level|from)=/.test(href))) {
      const query = new URL(href, 'http://x').searchParams;
      if (query.has('level')) query.set('status', 'new');
      const listed = (await (await page.request.get(`/api/v1/findings?${query}`)).json()) as Listed; // an API of ours
      expect([href, figure(text)]).toEqual([href, listed.total]);
    }
  }).toPass();
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
  // but for its lower edge, which the line below the tabs covers
  await expect(page.getByRole('link', { name: 'Connect' })).toBeInViewport({ ratio: 0.9 });
});
