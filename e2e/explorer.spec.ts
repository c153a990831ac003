import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Page, expect, test } from '@playwright/test';
import * as z from 'zod';
import { violationsOf } from './accessible';
import { installation, sealtrail } from './installation';

const rows = (page: Page) => page.getByRole('table', { name: 'Records found' }).locator('[data-row]');
const heads = (page: Page) => page.getByRole('columnheader').allInnerTexts();
const search = (page: Page) => page.getByRole('combobox', { name: 'Search records' });
const chainPath = async (page: Page, name: string) => {
  const answer = await page.request.get(`/api/v1/chains?q=${encodeURIComponent(name)}`);
  const { items } = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await answer.json());
  return `/chains/${items[0]?.id}?tab=records`;
};
async function accessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
}

/** Presses Tab until the focus is in a place; people would too. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await page.evaluate((place) => document.activeElement?.closest(place) !== null, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${selector}`);
}

test('columns are chosen, moved and made wider by keyboard, and stay so for the person', async ({ page }) => {
  test.slow();
  await page.goto('/events?period=30d&q=chain:sample/*');
  await expect(rows(page).first()).toBeVisible();
  expect(await heads(page)).toEqual(['Integrity', 'Time', 'Decision', 'Tool', 'Target', 'Agent', 'Chain']);
  await page.getByRole('button', { name: 'Columns' }).focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('dialog', { name: 'Columns' });
  await accessible(page);
  await menu.getByRole('checkbox', { name: 'Agent' }).focus();
  await page.keyboard.press('Space');
  await expect(menu.getByRole('checkbox', { name: 'Agent', checked: false })).toBeFocused();
  await menu.getByRole('checkbox', { name: 'Latency' }).focus();
  await page.keyboard.press('Space');
  await menu.getByRole('button', { name: 'Move Tool forward' }).focus();
  await page.keyboard.press('Enter');
  await expect(menu.getByRole('button', { name: 'Move Tool forward' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Columns' })).toBeFocused();
  const chosen = ['Integrity', 'Time', 'Tool', 'Decision', 'Target', 'Chain', 'Latency'];
  await expect.poll(() => heads(page)).toEqual(chosen);
  const handle = page.getByRole('separator', { name: 'Width of Tool' });
  const before = Number(await handle.getAttribute('aria-valuenow'));
  const kept = page.waitForResponse(
    (answer) => answer.ok() && (answer.request().postData() ?? '').includes(`"widthPx":${before + 32}`),
  );
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(handle).toHaveAttribute('aria-valuenow', String(before + 32));
  await kept;
  await page.goto('/events?period=7d');
  await expect(page.getByRole('separator', { name: 'Width of Tool' })).toHaveAttribute(
    'aria-valuenow',
    String(before + 32),
  );
  expect(await heads(page)).toEqual(chosen);
  await page
    .getByRole('columnheader', { name: 'Chain' })
    .getByText('Chain', { exact: true })
    .dragTo(page.getByRole('columnheader', { name: 'Time' }));
  await expect.poll(() => heads(page)).toEqual(['Integrity', 'Chain', 'Time', 'Tool', 'Decision', 'Target', 'Latency']);
  await page.getByRole('button', { name: 'Columns' }).click();
  const reset = page.waitForResponse(
    (answer) => answer.ok() && answer.request().postData() === JSON.stringify({ columns: null }),
  );
  await menu.getByRole('button', { name: 'As they were' }).click();
  await reset;
  await page.reload();
  await expect.poll(() => heads(page)).toContain('Agent');
});

test('a search is saved as a view, found in the palette, shared, changed, and taken away and back', async ({
  page,
}) => {
  test.slow();
  await page.goto('/events?period=24h&q=decision:deny&columns=recorded_at,tool,reason&sort=-tool');
  const menu = (name: string) => page.getByRole('button', { name, exact: true });
  await menu('Views').click();
  await page.getByRole('menuitem', { name: 'Save as a view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as a view' });
  await dialog.getByLabel('Name').fill('Denied lately');
  await dialog.getByRole('checkbox', { name: 'Everybody here sees it' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(menu('Denied lately')).toBeVisible();
  await expect(page).toHaveURL(/view=[0-9a-f-]{36}/);

  await page.goto('/findings');
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('dialog').getByRole('combobox').fill('denied lately');
  await page.getByRole('option', { name: /Denied lately/ }).click();
  await expect(page).toHaveURL(/\/events\?view=.*period=24h.*sort=-tool/);
  await expect(search(page)).toHaveValue('decision:deny');
  await expect(menu('Denied lately')).toBeVisible();
  expect(await heads(page)).toEqual(['Integrity', 'Time', 'Tool', 'Reason']);

  await search(page).fill('decision:deny tool:bash');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Denied lately, changed' }).click();
  await page.getByRole('menuitem', { name: 'Save the changes' }).click();
  await expect(menu('Denied lately')).toBeVisible();
  await page.reload();
  await expect(menu('Denied lately')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Denied lately, changed' })).toBeVisible();

  await page.getByRole('button', { name: 'Denied lately, changed' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(menu('Views')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('“Denied lately” is there again')).toBeVisible();
  await menu('Views').click();
  await expect(page.getByRole('menuitem', { name: /^Denied lately/ })).toBeVisible();
});

test('the palette is there after its keys were pressed again while it was on its way, with what was typed', async ({
  page,
}) => {
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let asked = 0;
  await page.route('**/_next/static/chunks/**', async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  await page.keyboard.press('Control+k');
  await expect.poll(() => asked).toBeGreaterThan(0);
  await page.keyboard.press('Control+k');
  // `j` and `?` are keys of the page
  await page.keyboard.type('release-botj?x');
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('Backspace');
  letGo();
  const palette = page.getByRole('dialog').getByRole('combobox');
  await expect(palette).toBeVisible();
  await expect(palette).toHaveValue('release-bot');
  // Pressed at once it would be the asking for it still.
  await page.waitForTimeout(500);
  await page.keyboard.press('Control+k');
  await expect(palette).toBeHidden();
  await page.keyboard.press('Control+k');
  await expect(palette).toHaveValue('');
});

test('everything is come to by keyboard: the search, a record, its neighbours, back to the list, and the keys', async ({
  page,
}) => {
  await page.goto('/events?period=30d');
  await expect(rows(page).first()).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('/');
  await page.keyboard.type('chain:sample/*');
  await page.keyboard.press('Escape');
  // What is found comes in the place of what was there.
  const found = page.waitForResponse((answer) => /\/api\/v1\/events\?.*\bq=chain/.test(answer.url()));
  await page.keyboard.press('Enter');
  await found;
  await expect(page).toHaveURL(/q=chain/);
  await expect(page.getByRole('table', { name: 'Records found' })).not.toHaveAttribute('aria-busy', 'true');
  await expect(async () => {
    await tabTo(page, '[data-row]');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(rows(page).nth(2).getByRole('button')).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  const title = panel.getByRole('heading', { level: 2 });
  await expect(title).toHaveText(/^Record /);
  await expect(panel.getByRole('region', { name: 'In its chain' }).getByRole('listitem').first()).toBeVisible();
  const first = await title.innerText();
  await page.keyboard.press('j');
  await expect(title).not.toHaveText(first);
  await page.keyboard.press('k');
  await expect(title).toHaveText(first);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(rows(page).nth(2).getByRole('button')).toBeFocused();
});

test('the records of a chain are the same explorer: searched, counted, narrowed, in their order', async ({ page }) => {
  await page.goto(await chainPath(page, 'sample/release-bot'));
  const records = page.getByRole('table', { name: 'Records' }).locator('[data-row]');
  await expect(records.first()).toContainText('0');
  const all = Number((await page.getByText(/^[\d,]+ records? found/).innerText()).replaceAll(/\D/g, ''));
  await page.getByRole('button', { name: 'With problems' }).click();
  await expect(page).toHaveURL(/integrity/);
  await expect(page.getByText(/^[1-9]\d* of [\d,]+ records found$/)).toBeVisible();
  await page.getByRole('button', { name: 'With problems' }).click();
  const decisions = page.getByRole('region', { name: 'Decision' });
  await decisions.getByRole('listitem').first().getByRole('button').first().click();
  await expect
    .poll(async () =>
      Number(
        /^[\d,]+/
          .exec(
            await page
              .getByText(/ records? found/)
              .first()
              .innerText(),
          )?.[0]
          .replaceAll(',', ''),
      ),
    )
    .toBeLessThan(all);
  const ordinals = async () =>
    (await records.getByRole('button').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
  await expect.poll(async () => (await ordinals()).length).toBeGreaterThan(1);
  expect(await ordinals()).toEqual((await ordinals()).toSorted((a, b) => a - b));
  await page.getByRole('textbox', { name: 'Go to record' }).fill('7');
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await expect(page).toHaveURL(/at=7/);
  await expect(records.getByRole('button', { name: 'Open record 7', exact: true })).toBeVisible();
  await accessible(page);
});

test('a search that takes long tells so, is stopped, and is asked again', async ({ page }) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/v1/events/histogram?*', async (route) => {
    await released;
    await route.continue().catch(() => undefined); // one was given up meanwhile
  });
  await page.goto('/events?period=30d');
  await expect(page.getByText(/^Searching for \d+ s/)).toBeVisible();
  const asked = page.waitForEvent('requestfailed', (request) => request.url().includes('/histogram'));
  await page.getByRole('button', { name: 'Stop' }).click();
  await asked;
  await expect(page.getByText('Stopped.')).toBeVisible();
  release();
  await page.getByRole('button', { name: 'Search again' }).click();
  await expect(page.getByText(/^[\d,]+ records? found/)).toBeVisible();
  await expect(page.getByText('Stopped.')).toBeHidden();
});

test('a record tells which findings name it, and is asked for from a shell as it says', async ({ page }) => {
  const token = await sealtrail('token', 'create', '--scopes', 'read', '--name', 'explorer test');
  const findings = z
    .object({ items: z.array(z.object({ id: z.string(), title: z.string() })) })
    .parse(await (await page.request.get('/api/v1/findings?limit=20')).json());
  const details = await Promise.all(
    findings.items.map(async ({ id }) =>
      z
        .object({ title: z.string(), records: z.array(z.object({ chainId: z.string(), ordinal: z.number() })) })
        .parse(await (await page.request.get(`/api/v1/findings/${id}`)).json()),
    ),
  );
  const named = details.find(({ records }) => records.length > 0);
  const record = named?.records[0];
  if (!named || !record) throw new Error('no finding names a record');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`/events?period=365d&record=${record.chainId}:${record.ordinal}`);
  const panel = page.getByRole('dialog');
  await expect(
    panel.getByRole('region', { name: 'Findings' }).getByRole('link', { name: named.title }).first(),
  ).toBeVisible();
  await expect(panel.getByRole('link', { name: `Record ${record.ordinal} of the chain`, exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Copy as curl' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(installation().url);
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    env: { ...process.env, SEALTRAIL_TOKEN: token },
  });
  expect(JSON.parse(stdout)).toMatchObject({ ordinal: record.ordinal, chainId: record.chainId });
  await accessible(page);
  await panel.getByRole('region', { name: 'Findings' }).getByRole('link', { name: named.title }).first().click();
  await expect(page).toHaveURL(/\/findings\?/);
  await expect(page.getByRole('article', { name: named.title })).toBeVisible();

  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.type('release-bot');
  await page
    .getByRole('group', { name: 'Agents' })
    .getByRole('option', { name: /^release-bot/ })
    .click();
  await expect(page).toHaveURL(/\/events\?q=agent/);
  await expect(rows(page).first()).toBeVisible();
});

test.describe('in a zone with daylight-saving time', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('times are typed as the clocks there show them, and one they leave out is refused', async ({ page }) => {
    await page.goto('/events?period=30d');
    await expect(rows(page).first()).toBeVisible();
    const choose = async (from: string, to: string) => {
      await page.getByLabel('From', { exact: true }).fill(from);
      await page.getByLabel('To', { exact: true }).fill(to);
      await page.getByRole('button', { name: 'Show', exact: true }).click();
    };
    await page.getByRole('button', { name: /^Period:/ }).click();
    await expect(page.getByText('Europe/Berlin; the end is not in it')).toBeVisible();
    await choose('2026-03-29T02:30:00', '2026-03-29T04:00:00');
    await expect(page.getByText('The clocks go forward past From')).toBeVisible();
    await choose('2026-03-29T01:30:00', '2026-03-29T03:30:00');
    await expect(page).toHaveURL(/from=2026-03-29T00:30:00\.000Z.*to=2026-03-29T01:30:00\.000Z/);
    await expect(page.getByRole('button', { name: /^Period:/ })).toHaveText(/01:30 – 03:30/);
  });
});

test('nothing moves under the eyes while the explorer loads', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ('value' in entry && 'hadRecentInput' in entry && !entry.hadRecentInput) seen.shift += Number(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const path of ['/events?period=30d', await chainPath(page, 'sample/release-bot')]) {
    await page.goto(path);
    await expect(page.locator('[data-row]').first()).toBeVisible();
    await expect(page.getByRole('region', { name: 'Decision' })).toBeVisible();
    // In a window that is not high the chart of a chain is there when it is asked for.
    await expect(page.getByRole('img', { name: /^Records by decision/ })).toBeVisible({
      visible: path === '/events?period=30d',
    });
    await page.waitForLoadState('networkidle');
    const shift = await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift); // set above
    expect(shift, path).toBeLessThan(0.1);
  }
  await page.getByRole('button', { name: 'Over time' }).click();
  await expect(page.getByRole('img', { name: /^Records by decision/ })).toBeVisible();
});

test('a record opens on a narrow screen, and the records of a chain fit it @mobile', async ({ page }) => {
  await page.goto(await chainPath(page, 'sample/release-bot'));
  await page.getByRole('button', { name: 'Open record 1', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('region', { name: 'What it says' })).toBeVisible();
  await accessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBe(0);
});
