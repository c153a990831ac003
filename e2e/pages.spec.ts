import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { PLACES, type Place } from './places';

// Pages are independent of each other: whoever has time takes the next one.
test.describe.configure({ mode: 'parallel' });

/** Of JavaScript, as it is sent, before a page has been used. */
const MOST_BYTES = 200_000;

/**
 * No axe violation in any of the schemes, with targets of 24 px or room around them, no error on the console, nothing wider than the screen, no more
 * JavaScript than it needs, and no other page begun that nobody pointed at.
 */
async function holds(
  page: Page,
  place: Place,
  schemes: readonly ('light' | 'dark')[],
  isNarrow = false,
): Promise<void> {
  const sent = scriptsSent(page);
  const begun = pagesBegun(page);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) errors.push(message.text());
  });
  await page.goto(await place.path(page));
  await page.waitForLoadState('networkidle');
  // A pointer that was not moved yet is over the mark, which leads to the overview.
  expect(begun.filter((path) => path !== '/')).toEqual([]);
  const scripts = await Promise.all(sent);
  expect(
    scripts.reduce((sum, { bytes }) => sum + bytes, 0),
    JSON.stringify(scripts),
  ).toBeLessThanOrEqual(MOST_BYTES);
  if (isNarrow) await inView(page);
  for (const [at, colorScheme] of schemes.entries()) {
    await page.emulateMedia({ colorScheme });
    await coloursSettled(page);
    // A scheme changes colours and nothing else.
    const found = await violationsOf(page, at === 0 ? { targets: true } : { only: 'color-contrast' });
    expect([colorScheme, found]).toEqual([colorScheme, []]);
  }
  expect(errors).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

/** Pages that are begun from here on, before anybody goes to them. */
function pagesBegun(page: Page): string[] {
  const begun: string[] = [];
  page.on('request', (request) => {
    if (request.headers()['next-router-prefetch']) begun.push(new URL(request.url()).pathname);
  });
  return begun;
}

/** The scripts a page loads from here on. A document that has its script in itself counts as one. */
function scriptsSent(page: Page): Promise<{ name: string; bytes: number }>[] {
  const sent: Promise<{ name: string; bytes: number }>[] = [];
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url());
    if (request.resourceType() !== 'script' && pathname !== '/verify') return;
    sent.push(
      request.response().then(async (response) => ({
        name: pathname,
        bytes: Number((await response?.headerValue('content-length')) ?? (await request.sizes()).responseBodySize),
      })),
    );
  });
  return sent;
}

/** All of the page at once, so that the bar at its foot lies over nothing that is pressed. */
async function inView(page: Page): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 390 };
  const contentPx = await page.evaluate(() => document.documentElement.scrollHeight);
  // What is as high as the screen grows with it, up to a bound.
  await page.setViewportSize({ width, height: contentPx + 800 });
}

/** Colours move for a moment from one scheme to the other, and have too little contrast on their way. */
async function coloursSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

test('a page is begun when its link is pointed at, or has the focus', async ({ page }) => {
  await page.goto('/chains');
  await page.waitForLoadState('networkidle');
  const begun = pagesBegun(page);
  const rail = page.getByRole('navigation', { name: 'Console' });
  await rail.getByRole('link', { name: 'Findings' }).hover();
  await expect.poll(() => new Set(begun)).toEqual(new Set(['/findings']));
  await rail.getByRole('link', { name: 'Rules' }).focus();
  await expect.poll(() => new Set(begun)).toEqual(new Set(['/findings', '/rules']));
});

for (const place of PLACES)
  test(`${place.name} is accessible, and loads no more JavaScript than it needs`, ({ page }) =>
    holds(page, place, ['light', 'dark']));
for (const place of PLACES)
  test(`${place.name} is accessible, and loads no more JavaScript than it needs @mobile`, ({ page }) =>
    holds(page, place, ['light'], true));
