import AxeBuilder from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';
import { PLACES, type Place } from './places';

/** No axe violation in any of the schemes, with targets of 24 px or room around them, no error on the console, nothing wider than the screen. */
async function holds(
  page: Page,
  place: Place,
  schemes: readonly ('light' | 'dark')[],
  isNarrow = false,
): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) errors.push(message.text());
  });
  await page.goto(await place.path(page));
  await page.waitForLoadState('networkidle');
  if (isNarrow) await inView(page);
  for (const [at, colorScheme] of schemes.entries()) {
    await page.emulateMedia({ colorScheme });
    await coloursSettled(page);
    const axe = new AxeBuilder({ page }).options({ rules: { 'target-size': { enabled: true } } });
    // A scheme changes colours and nothing else.
    const { violations } = await (at === 0 ? axe : axe.withRules('color-contrast')).analyze();
    expect(
      violations.map(
        ({ id, nodes }) => `${colorScheme}, ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
      ),
    ).toEqual([]);
  }
  expect(errors).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
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

for (const place of PLACES) test(`${place.name} is accessible`, ({ page }) => holds(page, place, ['light', 'dark']));
for (const place of PLACES)
  test(`${place.name} is accessible @mobile`, ({ page }) => holds(page, place, ['light'], true));
