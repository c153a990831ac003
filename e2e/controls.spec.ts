import { type Page, expect, test } from '@playwright/test';
import Papa from 'papaparse';

const STATEMENT = 'Evidence, not a compliance determination';
type Part = { label: string; unit: string; value: number | string | null; href: string };
type Figure = Part & { id: string; total: number | null; parts: Part[] };
type Evidence = {
  statement: string;
  framework: { title: string };
  figures: Figure[];
  controls: { id: string; title: string; notCovered: string; figures: string[] }[];
};

/** Whole days, so that page and API are of one period; all of the sample data lies in it. */
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const PERIOD = `from=${day(364)}&to=${day(0)}`;
const API_PERIOD = `from=${day(364)}T00:00:00Z&to=${day(-1)}T00:00:00Z`;
/** It names every figure there is. */
const NIST = '/reports/controls/nist-800-53';

const evidenceOf = async (page: Page, framework: string) =>
  (await (await page.request.get(`/api/v1/control-evidence/${framework}?${API_PERIOD}`)).json()) as Evidence; // an API of ours

/** Value and address of every part of every figure, as the page shows them. */
function shownFigures(page: Page): Promise<[figure: string, text: string, href: string | null][]> {
  return page
    .locator('section:has(> div > h3[id^="figure-"])')
    .evaluateAll((sections) =>
      sections.flatMap((section) =>
        [...section.querySelectorAll('tbody tr')].map((row): [string, string, string | null] => [
          section.querySelector('h3')?.id ?? '',
          row.querySelector('td')?.textContent ?? '',
          row.querySelector('td a')?.getAttribute('href') ?? null,
        ]),
      ),
    );
}

const spelled = ({ unit, value, total = null }: Part & { total?: number | null }): RegExp =>
  value === null
    ? /^none$/
    : unit === 'seconds' || unit === 'instant'
      ? /\d|under a second/
      : new RegExp(
          `^${Number(value).toLocaleString('en-GB')}${total === null ? '' : ` of ${total.toLocaleString('en-GB')}`} [a-z]+$`,
        );

/** What the page says is what the API says; others add records meanwhile, and then both are read again. */
async function sameAsApi(page: Page): Promise<Figure[]> {
  let figures: Figure[] = [];
  await expect(async () => {
    await page.goto(`${NIST}?${PERIOD}`);
    await expect(page.getByRole('heading', { name: 'Figures and their rows' })).toBeVisible();
    const shown = await shownFigures(page);
    ({ figures } = await evidenceOf(page, 'nist-800-53'));
    const said = figures.flatMap((figure) => [figure, ...figure.parts].map((part) => ({ id: figure.id, part })));
    expect(shown.map(([id, , href]) => [id, href])).toEqual(
      said.map(({ id, part }) => [`figure-${id}`, part.value === null ? null : part.href]),
    );
    for (const [at, [, text]] of shown.entries()) {
      const { part } = said[at] ?? { part: { label: '', unit: '', value: null, href: '' } };
      expect(text).toMatch(spelled(part));
    }
  }).toPass({ timeout: 90_000 });
  return figures;
}

test('the report leads to the frameworks, and each to its controls of the same period', async ({ page }) => {
  await page.goto(`/reports?${PERIOD}`);
  await page.getByRole('link', { name: 'Control evidence' }).click();
  await expect(page.getByRole('heading', { name: 'Control evidence', level: 1 })).toBeVisible();
  await expect(page.getByText(STATEMENT).first()).toBeVisible();
  await expect(page.getByRole('table', { name: 'Frameworks' }).getByRole('rowheader')).toHaveCount(10);
  await page.getByRole('link', { name: 'EU AI Act, logging of high-risk systems' }).click();
  await expect(page).toHaveURL(new RegExp(`/reports/controls/eu-ai-act\\?from=${day(364)}`));
  await expect(page.getByText(`${STATEMENT}.`).first()).toBeVisible();
  await expect(page.getByText('It does not ask for tamper evidence')).toBeVisible();
  await expect(page.getByText('2 Dec 2027', { exact: true })).toBeVisible();
  const { controls } = await evidenceOf(page, 'eu-ai-act');
  for (const { id, title, notCovered } of controls) {
    const section = page.getByRole('region', { name: `${id} ${title}` });
    await expect(section).toContainText('What is not covered');
    await expect(section).toContainText(notCovered);
  }
});

test('every number of a page is that of the API, and leads to rows that are there', async ({ page }) => {
  const figures = await sameAsApi(page);
  expect(figures).toHaveLength(14);
  const addresses = new Set(figures.flatMap(({ href, parts }) => [href, ...parts.map((part) => part.href)]));
  for (const href of addresses) expect([href, (await page.request.get(href)).status()]).toEqual([href, 200]);
  // One of each kind as a person follows it.
  await page.getByRole('region', { name: 'Denied accesses', exact: true }).getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Over time' }).getByText(/^[\d,]+ records? found/)).toBeVisible();
  await page.goBack();
  await page.getByRole('region', { name: 'Findings by status', exact: true }).locator('a[href*="status=new"]').click();
  await expect(page.getByRole('heading', { name: 'Findings', level: 1 })).toBeAttached();
});

test('another period is chosen in the bar above, and its figures are read', async ({ page }) => {
  await page.goto(`/reports/controls/soc-2?from=2001-01-01&to=2001-01-31`);
  await expect(page.getByText('1 – 31 Jan 2001')).toHaveCount(2);
  const chains = page.getByRole('table', { name: 'Chains by verdict' });
  await expect(chains.getByRole('cell').first()).toHaveText(/0 chains/);
  await page.getByRole('button', { name: /Jan 2001/ }).click();
  await page.getByRole('button', { name: 'Last 12 months' }).click();
  await expect(page).toHaveURL(/period=365d/);
  await expect(chains.getByRole('cell').first()).toHaveText(/[1-9]\d* chains/);
});

test('the CSV and the JSON of a framework are saved from its page', async ({ page }) => {
  await page.goto(`/reports/controls/pci-dss?${PERIOD}`);
  const csv = await page.getByRole('link', { name: 'CSV', exact: true }).getAttribute('href');
  const json = await page.getByRole('link', { name: 'JSON', exact: true }).getAttribute('href');
  const answer = await page.request.get(csv ?? '');
  expect(answer.headers()['content-disposition']).toContain('controls-pci-dss_');
  const { data, errors } = Papa.parse<Record<string, string>>(await answer.text(), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(answer.headers()['x-total-count']).toBe(String(data.length));
  expect([...new Set(data.map((row) => row['control']))]).toEqual(['10.2', '10.3', '10.4', '10.5']);
  const evidence = (await (await page.request.get(json ?? '')).json()) as Evidence;
  expect(evidence.statement).toBe(STATEMENT);
  expect(evidence.controls.map(({ id }) => id)).toEqual(['10.2', '10.3', '10.4', '10.5']);
  for (const [label, type, name] of [
    ['OSCAL assessment results', 'application/oscal+json', 'assessment-results-pci-dss_'],
    ['OCSF compliance findings', 'application/x-ndjson', 'compliance-pci-dss_'],
  ] as const) {
    const href = await page.getByRole('link', { name: label, exact: true }).getAttribute('href');
    const file = await page.request.get(href ?? '');
    expect(file.headers()['content-type']).toBe(type);
    expect(file.headers()['content-disposition']).toContain(name);
  }
});

test('no control is cut in two on paper, and the statement and the number of the page stand on each', async ({
  page,
}, info) => {
  // A4 without its margins, at 96 px an inch.
  const sheet = { width: 673, height: 986 };
  await page.setViewportSize(sheet);
  await page.goto(`${NIST}?${PERIOD}`);
  await expect(page.getByRole('heading', { name: 'Figures and their rows' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  const sections = page.locator('section:has(> div > h3)');
  const kept = await sections.evaluateAll((all) =>
    all.map((section) => ({
      breakInside: getComputedStyle(section).breakInside,
      height: section.getBoundingClientRect().height,
      head: [...section.querySelectorAll('thead')].map((head) => getComputedStyle(head).display),
    })),
  );
  expect(kept.length).toBeGreaterThan(20);
  for (const { breakInside, height, head } of kept) {
    expect(breakInside).toBe('avoid');
    expect(height).toBeLessThan(sheet.height);
    expect(head.every((display) => display === 'table-header-group')).toBe(true);
  }
  const rules = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet_) => [...sheet_.cssRules].map((rule) => rule.cssText)).join('\n'),
  );
  expect(rules).toMatch(/counter\(page\)/);
  expect(rules).toContain(STATEMENT);
  await page.emulateMedia({ media: null });
  const pdf = await page.pdf({ path: info.outputPath('controls.pdf'), format: 'A4', preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(4);
});

test('the palette finds control evidence by its name', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: /Search/ }).click();
  await page.getByRole('combobox').fill('control evidence');
  await page.getByRole('option', { name: 'Control evidence', exact: true }).click();
  await expect(page).toHaveURL(/\/reports\/controls$/);
});

test('a framework that is none has no page', async ({ page }) => {
  expect((await page.goto('/reports/controls/hipaa'))?.status()).toBe(404);
});

test('on a narrow screen every figure of a control stands under its name @mobile', async ({ page }) => {
  await page.goto(`/reports/controls/eu-ai-act?${PERIOD}`);
  const table = page.getByRole('table', { name: 'Figures for Article 12(1)' });
  await expect(table.getByRole('rowheader', { name: 'Records' })).toBeVisible();
  await expect(table.getByRole('cell').first()).toHaveText(/[\d,]+ records/);
});
