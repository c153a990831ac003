import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type Page, expect, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { violationsOf } from './accessible';
import { sealtrail } from './installation';
import { ROOT } from './launch';

const TAMPERED = readFileSync(path.join(ROOT, 'lib/core/formats/occasio/fixtures/tampered.jsonl'));

type Came = { headers: IncomingHttpHeaders; body: string };

/** Whoever is told, on this machine: what came, and what it answers. */
async function receiver() {
  const came: Came[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      came.push({ headers: request.headers, body });
      response.writeHead(answer.status).end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver listens on no port');
  return { came, answer, url: `http://127.0.0.1:${address.port}/hook`, close: () => server.close() };
}

/** Colours move for a moment from one scheme to the other, and have too little contrast on their way. */
async function coloursSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

test('a webhook is made, its secret copied once, tested, looked up in the log, turned off and deleted', async ({
  page,
}) => {
  const { came, answer, url, close } = await receiver();
  const name = `soc ${Date.now()}`;
  await page.goto('/settings');
  await page.getByRole('link', { name: 'Notifications' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Notifications' })).toBeVisible();

  await page.getByRole('button', { name: 'Add a destination' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Address').fill('http://169.254.169.254/latest');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('169.254.169.254 is no public address');
  await dialog.getByLabel('Address').fill(url);
  await dialog.getByLabel('Only chains of these names').fill('prod-*');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toContainText('it is not shown again');
  const secret = (await dialog.getByText(/^whsec_/).innerText()).trim();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();

  const row = page.getByRole('table', { name: 'Destinations' }).getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('New findings, chains that turn bad, work that is stuck; high or worse; in prod-*');
  const press = row.getByRole('button', { name: `Send a test to ${name}` });
  await press.click();
  await expect(page.getByText(`“${name}” received the test`).first()).toBeVisible();
  const [{ headers, body } = { headers: {}, body: '' }] = came;
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'test' }); // these are sent once each

  // A worker tells of what it found.
  const token = await sealtrail('token', 'create', '--scopes', 'ingest', '--name', name);
  const sent = await page.request.put(`/api/v1/uploads/log.jsonl?chain=prod-${Date.now()}`, {
    headers: { Authorization: `Bearer ${token}` },
    data: TAMPERED,
  });
  expect(sent.status()).toBe(201);
  const told = () => came.slice(1).map((one) => JSON.parse(one.body) as { type: string; data: { verdict?: string } }); // as it is documented
  await expect.poll(told).toContainEqual(expect.objectContaining({ type: 'verdict.bad' }));
  expect(told().find(({ type }) => type === 'verdict.bad')?.data.verdict).toBe('tampered');

  answer.status = 503;
  await press.click();
  await expect(page.getByText(`“${name}” did not receive the test`).first()).toBeVisible();
  answer.status = 200;
  const log = page.getByRole('table', { name: 'Delivery log' }).getByRole('row').filter({ hasText: name });
  const tests = log.filter({ hasText: 'A test of' });
  await expect(tests).toHaveCount(2);
  await expect(log.filter({ hasText: 'prod-' }).first()).toContainText('Arrived');
  await expect(tests.first()).toContainText('Did not arrive');
  await tests.first().getByText('One attempt').click();
  await expect(tests.first()).toContainText('it answered 503');
  await expect(tests.first()).toContainText('thank you');
  // Without what was said a moment ago.
  await page.reload();
  await tests.first().getByText('One attempt').click();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await coloursSettled(page);
    // A scheme changes colours and nothing else.
    const found = await violationsOf(page, colorScheme === 'light' ? { targets: true } : { only: 'color-contrast' });
    expect([colorScheme, found]).toEqual([colorScheme, []]);
  }

  await row.getByRole('button', { name: `Turn off ${name}` }).click();
  await expect(row).toContainText('Off');
  await row.getByRole('button', { name: `Delete ${name}` }).click();
  await page.getByLabel(/^Type/).fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText(name, { exact: true })).toHaveCount(0);
  close();
});
