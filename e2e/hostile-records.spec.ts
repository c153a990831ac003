import { createHash, randomUUID } from 'node:crypto';
import { type Page, expect, test } from '@playwright/test';
import { sealtrail } from './installation';

/** What a page would run, or lead to, that took the values of a record for its own. Each calls what the test listens to. */
const PAYLOADS = [
  '<script>window.ran("script")</script>',
  '<img src=x onerror=window.ran("image")>',
  '<svg onload=window.ran("svg")>',
  '"><iframe srcdoc="<script>parent.ran(\'frame\')</script>"></iframe>',
  "'\"--></style></script><script>window.ran('break')</script>",
  '<a href="javascript:window.ran(\'link\')">x</a>',
  'javascript:window.ran("address")',
  '</title><script>window.ran("title")</script>',
  '{{constructor.constructor("window.ran()")()}}',
  '<details open ontoggle=window.ran("toggle")>x</details>',
];

/** A genuine log of Occasio whose every word is one of them; each session is refused six times, which is a finding. */
function hostileLog(run: string): Buffer {
  let prev = '0'.repeat(64);
  const lines = PAYLOADS.flatMap((payload, session) =>
    Array.from({ length: 6 }, (_, n) => {
      const other = PAYLOADS[(session + n) % PAYLOADS.length] ?? payload;
      const covered = {
        audit_schema: 1,
        ts: new Date(Date.UTC(2026, 4, 19) + (session * 6 + n) * 1000).toISOString(),
        event_id: `${run}-${session}-${n} ${payload}`,
        session_id: `${run} ${payload}`,
        run_id: payload,
        agent: payload,
        kind: 'tool_call',
        tool_name: payload,
        tool_inputs: { path: other, url: other, command: payload, [payload]: payload },
        action: 'BLOCK',
        block_reason: other,
        prev_hash: prev,
      };
      prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
      return `${JSON.stringify({ ...covered, hash: prev })}\n`;
    }),
  );
  return Buffer.from(lines.join(''));
}

/** What of the payloads became part of the page: what ran, and elements and addresses that no page of ours has. */
async function taken(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ran = (window as { ranAll?: string[] }).ranAll ?? [];
    const found = document.querySelectorAll(
      'iframe, object, embed, img[src="x"], [onerror], [onload], [ontoggle], a[href^="javascript:" i]',
    );
    return [...ran, ...Array.from(found, (element) => element.outerHTML.slice(0, 200))];
  });
}

const listen = (page: Page) =>
  page.addInitScript(() => {
    const heard = window as { ranAll?: string[]; ran?: (what: string) => void };
    heard.ranAll = [];
    heard.ran = (what) => heard.ranAll?.push(what);
  });

test('what these payloads do to a page that takes them as they are is noticed', async ({ browser }) => {
  const context = await browser.newContext({ bypassCSP: true, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await listen(page);
  await page.goto('about:blank');
  await page.setContent(`<title>x</title><body>${PAYLOADS.map((payload) => `<p>${payload}</p>`).join('\n')}</body>`);
  await expect
    .poll(async () => (await taken(page)).filter((what) => !what.startsWith('<')).toSorted())
    .toEqual(expect.arrayContaining(['break', 'frame', 'image', 'script', 'svg', 'title']));
  expect((await taken(page)).filter((what) => what.includes('javascript:')).length).toBeGreaterThan(0);
  await context.close();
});

test('values of records are text on every page that shows them, in every file, and in titles', async ({ page }) => {
  test.setTimeout(240_000);
  const run = `hostile-${randomUUID().slice(0, 8)}`;
  const chain = `${run} <img src=x onerror=window.ran("chain")>`;
  const token = await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', `hostile ${run}`);
  const headers = { Authorization: `Bearer ${token}` };
  const sent = await page.request.put(
    `/api/v1/uploads/${encodeURIComponent(`${chain}.jsonl`)}?chain=${encodeURIComponent(chain)}`,
    {
      headers,
      data: hostileLog(run),
    },
  );
  expect(sent.status()).toBe(201);
  const { chainId } = (await sent.json()) as { chainId: string }; // an API of ours
  const findings = async () =>
    ((await (await page.request.get(`/api/v1/findings?chainId=${chainId}`)).json()) as { items: { id: string }[] })
      .items; // an API of ours
  await expect.poll(async () => (await findings()).length, { timeout: 60_000 }).toBeGreaterThan(0);

  const complaints: string[] = [];
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  await listen(page);
  const period = 'from=2026-05-18T00:00:00Z&to=2026-05-21T00:00:00Z';
  const places = [
    '/',
    `/chains?q=${run}`,
    ...['records', 'problems', 'segments', 'attestations', 'heads', 'connect'].map(
      (tab) => `/chains/${chainId}?tab=${tab}`,
    ),
    `/events?${period}`,
    `/events?${period}&q=${encodeURIComponent(PAYLOADS[1] ?? '')}`,
    `/findings?chain=${chainId}`,
    ...(await findings()).slice(0, 3).map(({ id }) => `/findings?finding=${id}`),
    ...PAYLOADS.slice(0, 3).map((payload) => `/sessions/${encodeURIComponent(`${run} ${payload}`)}`),
    `/reports?${period}`,
    '/reports/controls/eu-ai-act?period=365d',
    `/rules/new?q=${encodeURIComponent(`tool:"${PAYLOADS[0]}"`)}`,
    '/findings/suppressions',
    `/sign-in?to=${encodeURIComponent('javascript:window.ran("to")')}`,
  ];
  const shown: string[] = [];
  for (const place of places) {
    await page.goto(place);
    await page.waitForLoadState('networkidle');
    expect([place, await taken(page)]).toEqual([place, []]);
    const text = await page.locator('body').innerText();
    if (PAYLOADS.some((payload) => text.includes(payload)) || text.includes(chain)) shown.push(place);
  }
  // They were there to be taken.
  expect(shown.length).toBeGreaterThan(10);

  // A record in full.
  await page.goto(`/chains/${chainId}?tab=records`);
  await page.getByRole('row').nth(1).click();
  await page.waitForLoadState('networkidle');
  expect(await taken(page)).toEqual([]);
  expect(await page.title()).toContain(run);
  expect(complaints).toEqual([]);

  // Files: a PDF runs nothing and leads nowhere of theirs; answers are of the type they say, and are not guessed at.
  const pdf = await page.request.get(`/api/v1/reports/report.pdf?${period}`);
  expect(pdf.headers()['content-type']).toContain('application/pdf');
  expect(
    /\/(JavaScript|JS|OpenAction|Launch)\b|\/URI\s*\(javascript/i.test((await pdf.body()).toString('latin1')),
  ).toBe(false);
  for (const file of ['/api/v1/events.csv', '/api/v1/events.ndjson', `/api/v1/findings.csv`, '/api/v1/chains.csv']) {
    const answer = await page.request.get(`${file}?${period}`);
    expect([file, answer.headers()['x-content-type-options']]).toEqual([file, 'nosniff']);
    expect(answer.headers()['content-type']).not.toContain('html');
    if (file.includes('.csv'))
      expect((await answer.text()).split('\n').filter((line) => /^"?[=+@]/.test(line))).toEqual([]);
  }
});
