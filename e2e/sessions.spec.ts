import { createHash } from 'node:crypto';
import { type Page, expect, test } from '@playwright/test';
import { sealtrail } from './installation';
import { occasioWriter } from './occasio-log';

const list = (page: Page) => page.getByRole('list', { name: 'Steps in order' });
const steps = (page: Page) => list(page).locator('[data-row]');
const chosen = (page: Page) => list(page).locator('[aria-current=step]');

async function append(page: Page, chain: string, data: Buffer): Promise<string> {
  const token = await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'sessions test');
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await page.request.post(`/api/v1/chains/${chain}/records`, { headers, data });
  expect(answer.ok()).toBe(true);
  return ((await answer.json()) as { chainId: string }).chainId; // an API of ours
}

/** How many records the lake has of a session. */
async function records(page: Page, id: string): Promise<number> {
  const answer = await page.request.get(`/api/v1/sessions/${encodeURIComponent(id)}`);
  return answer.ok() ? ((await answer.json()) as { records: number }).records : 0; // an API of ours
}

/** A genuine log of Occasio, one record for each of these. */
function logOf(records: readonly Record<string, unknown>[]): Buffer {
  let prev = '0'.repeat(64);
  const lines = records.map((record, n) => {
    const covered = {
      audit_schema: 1,
      ts: new Date(Date.UTC(2026, 4, 13) + n * 1000).toISOString(),
      event_id: `e-${n}`,
      agent: 'e2e',
      kind: 'tool_call',
      tool_name: 'read_file',
      tool_inputs: { path: `/srv/${n}` },
      action: 'PASS',
      ...record,
      prev_hash: prev,
    };
    prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
    return `${JSON.stringify({ ...covered, hash: prev })}\n`;
  });
  return Buffer.from(lines.join(''));
}

test('a record leads to its place in the session, from where keys go along the line', async ({ page }) => {
  await page.goto('/events?period=30d&q=chain:sample/* decision:deny session:*');
  await page.getByRole('table', { name: 'Records found' }).locator('[data-row]').first().getByRole('button').click();
  await page.getByRole('dialog').getByRole('link', { name: 'Show in session' }).click();
  await expect(page).toHaveURL(/\/sessions\/.+\?step=[0-9a-f-]{36}(:|%3A)\d+/);
  await expect(chosen(page)).toHaveCount(1);
  await expect(chosen(page)).toBeInViewport();
  await expect(chosen(page)).toContainText('Deny');
  const place = Number(await chosen(page).getAttribute('data-row'));

  await page.keyboard.press('j');
  await expect(chosen(page).getByRole('button')).toBeFocused();
  const count = Number(await steps(page).first().getAttribute('aria-setsize'));
  const [key, next] = place + 1 < count ? ['j', place + 1] : ['k', place - 1];
  await page.keyboard.press(key);
  await expect(list(page).locator(`[data-row="${next}"]`).getByRole('button')).toBeFocused();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('region', { name: 'What it says' })).toBeVisible();
  await expect(panel.getByRole('heading').first()).toHaveText(`Step ${next + 1} of ${count}`);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  const address = page.url();
  await page.reload();
  await expect(chosen(page)).toHaveAttribute('data-row', String(next));
  await expect(chosen(page)).toBeInViewport();
  expect(page.url()).toBe(address);
});

test('steps that stand out are shown alone, as the address says', async ({ page }) => {
  const denied = { action: 'BLOCK', reason: 'path-denied' };
  const redacted = { action: 'TRANSFORM', event_type: 'secret_redacted', secret_redacted_count: 2 };
  const told = Array.from({ length: 40 }, (_, n) => (n % 10 === 3 ? denied : n % 10 === 7 ? redacted : {}));
  await append(page, 'sessions-told', logOf(told.map((one) => ({ session_id: 'e2e-told', ...one }))));
  await expect.poll(() => records(page, 'e2e-told'), { timeout: 90_000 }).toBe(40);
  await page.goto('/sessions/e2e-told');
  await expect(page.getByText('40 steps, by the minute')).toBeVisible();
  await expect(page.getByText(/4 were denied, 8 secrets redacted in 4 of them/)).toBeVisible();
  await page.getByRole('button', { name: 'Denied 4' }).click();
  await expect(page).toHaveURL(/only=denied/);
  await expect(steps(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Redacted 4' }).click();
  await expect(steps(page)).toHaveCount(8);
  await page.reload();
  await expect(steps(page)).toHaveCount(8);
  await expect(steps(page).first()).toContainText('Deny');
});

test('steps are grouped by turn where records end those, or by the minute', async ({ page }) => {
  const request = { kind: 'request', event_type: 'cloud_sent', model: 'm', input_tokens: 100, cost: 0.5 };
  const told = Array.from({ length: 12 }, (_, n) => ({ run_id: 'e2e-turns', ...(n % 4 === 3 ? request : {}) }));
  await append(page, 'sessions-turns', logOf(told));
  await expect.poll(() => records(page, 'e2e-turns'), { timeout: 90_000 }).toBe(12);
  await page.goto('/sessions/e2e-turns');
  await expect(list(page).getByText(/^Turn 3, /)).toBeVisible();
  await page.getByRole('group', { name: 'Grouped' }).getByRole('button', { name: 'By minute' }).click();
  await expect(page).toHaveURL(/by=minute/);
  await expect(list(page).getByText(/^Turn/)).toHaveCount(0);
  await expect(steps(page)).toHaveCount(12);
  await expect(page.getByRole('img', { name: /^Cost over time: US dollars \$1.50/ })).toBeVisible();
});

test('a session of thousands opens at a step in its middle, and only what is in view exists; nothing recorded is drawn as a gap', async ({
  page,
}) => {
  const write = occasioWriter('e2e-long', { from: new Date(Date.UTC(2026, 4, 14)) });
  const chainId = await append(page, 'sessions-long', write(3_000));
  await expect.poll(() => records(page, 'e2e-long'), { timeout: 60_000 }).toBe(3_000);
  await page.goto(`/sessions/e2e-long?step=${chainId}:1777`);
  await expect(chosen(page)).toHaveAttribute('data-row', '1777');
  await expect(chosen(page)).toBeInViewport();
  await expect(chosen(page)).toContainText('/srv/1777');
  expect(await steps(page).count()).toBeLessThan(120);

  await append(
    page,
    'sessions-gap',
    logOf([0, 1, 2].map((n) => ({ session_id: 'e2e-gap', ts: new Date(Date.UTC(2026, 4, 15, n)).toISOString() }))),
  );
  await expect.poll(() => records(page, 'e2e-gap'), { timeout: 90_000 }).toBe(3);
  await page.goto('/sessions/e2e-gap');
  await expect(list(page).getByText('Nothing recorded for 1 hour')).toHaveCount(2);
});

test('a session that goes on is followed', async ({ page }) => {
  const write = occasioWriter('e2e-open', { from: new Date(Date.now() - 60_000) });
  await append(page, 'sessions-open', write(3));
  await expect.poll(() => records(page, 'e2e-open'), { timeout: 90_000 }).toBe(3);
  await page.goto('/sessions/e2e-open');
  await expect(steps(page)).toHaveCount(3);
  await expect(page.getByText('It may still go on')).toBeVisible();
  await append(page, 'sessions-open', write(2));
  await expect(steps(page)).toHaveCount(5, { timeout: 90_000 });
});

test('ids lead to their page whatever characters they are made of', async ({ page }) => {
  const ids = ['e2e/a?b=c#d&e%2F', `e2e "🤖" 'quoted' <script>`, '..', 'é'.repeat(5_000)];
  await append(page, 'sessions-ids', logOf(ids.map((id) => ({ session_id: id }))));
  const path = (id: string) => `/sessions/${encodeURIComponent(id === '..' ? '~..' : id)}`;
  for (const id of ids) {
    await expect
      .poll(async () => (await page.request.get(`/api/v1${path(id)}`)).status(), { timeout: 90_000 })
      .toBe(200);
    await page.goto(path(id));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(id);
    await expect(steps(page)).toHaveCount(1);
  }
  expect((await page.request.get('/sessions/e2e-no-such-session')).status()).toBe(404);
});

test('the palette finds a session by a part of its id', async ({ page }) => {
  await append(
    page,
    'sessions-palette',
    logOf([{ session_id: 'e2e-palette-7f3a', ts: new Date(Date.now() - 3_600_000).toISOString() }]),
  );
  await expect.poll(() => records(page, 'e2e-palette-7f3a'), { timeout: 90_000 }).toBe(1);
  await page.goto('/chains');
  // the page is alive once it answers
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByPlaceholder(/^Go to a chain/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.type('palette-7f3a');
  await page.getByRole('option', { name: /e2e-palette-7f3a/ }).click();
  await expect(page).toHaveURL(/\/sessions\/e2e-palette-7f3a$/);
});

test('a session prints with its facts and its steps, and says how many those are', async ({ page }) => {
  await append(page, 'sessions-print', logOf(Array.from({ length: 600 }, () => ({ session_id: 'e2e-print' }))));
  await expect.poll(() => records(page, 'e2e-print'), { timeout: 90_000 }).toBe(600);
  await page.goto('/sessions/e2e-print');
  await expect(steps(page).first()).toContainText('/srv/0');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('The first 500 of 600 steps; the page itself has all of them.')).toBeVisible();
  await expect(list(page)).toBeHidden();
  await expect(page.getByRole('region', { name: 'Facts' })).toBeVisible();
  await expect(page.getByRole('cell', { name: '/srv/499', exact: true })).toBeVisible();
});
