import { type Page, expect } from '@playwright/test';
import { installation, sealtrail } from './installation';
import { occasioLog } from './occasio-log';

type Listed = { items: { id: string; name?: string; verdict?: string; state?: string }[] };
/** A page, and how its address is found. */
export type Place = { name: string; path: (page: Page) => Promise<string> };

const at = (path: string) => async () => path;
const listed = async (page: Page, path: string) => (await (await page.request.get(path)).json()) as Listed; // an API of ours
const chainPath = (name: string, tab: string) => async (page: Page) => {
  const [chain] = (await listed(page, `/api/v1/chains?q=${encodeURIComponent(name)}`)).items;
  return `/chains/${chain?.id}${tab ? `?tab=${tab}` : ''}`;
};

/** A chain something is open of: the same lines again are not taken in again. */
const openChain = (tab: string) => async (page: Page) => {
  const headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'pages test')}`,
  };
  await page.request.post('/api/v1/chains/pages-open/records', { headers, data: occasioLog('pages-open', 5) });
  return chainPath('pages-open', tab)(page);
};

/** The page of the sample's session with the most records that were refused. */
const sessionPath = async (page: Page) => {
  const period = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const found = await page.request.get(
    `/api/v1/events/facets?fields=session&limit=1&q=decision:deny+chain:sample/*&${period}`,
  );
  const { facets } = (await found.json()) as { facets: { values: { value: string }[] }[] }; // an API of ours
  return `/sessions/${encodeURIComponent(facets[0]?.values[0]?.value ?? '')}`;
};

/** The suppressions, one of which hides nothing. */
const suppressionsPath = async (page: Page) => {
  const [known] = (await listed(page, '/api/v1/suppressions')).items;
  if (known) return '/findings/suppressions';
  const { items } = (await (await page.request.get('/api/v1/findings?limit=20')).json()) as {
    items: { ruleId: string; measures: { kind: string } }[];
  }; // an API of ours
  const rule = items.find(({ measures }) => measures.kind !== 'evidence')?.ruleId;
  const data = {
    yaml: `title: A bench of ours\nlogsource: {product: ai_agent, service: guardrail}\nfilter: {rules: [${rule}], bench: {agent: no-such-agent}, condition: not bench}\n`,
    reason: 'It is refused on purpose.',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  await page.request.post('/api/v1/suppressions', { data, headers: { origin: installation().url } });
  return '/findings/suppressions';
};

/** A case with a finding of the sample in it. */
const casePath = async (page: Page) => {
  const [known] = (await listed(page, '/api/v1/cases')).items;
  if (known) return `/cases/${known.id}`;
  const { items } = await listed(page, '/api/v1/findings?limit=1');
  const data = { title: 'Pages test', findingIds: items.map(({ id }) => id), note: 'What was found out.' };
  const made = await page.request.post('/api/v1/cases', { data, headers: { origin: installation().url } });
  return `/cases/${((await made.json()) as { id: string }).id}`; // an API of ours
};

/** The saved reports, one of which is of all the sample data. */
const definitionsPath = async (page: Page) => {
  const [known] = (await listed(page, '/api/v1/reports/definitions')).items;
  const period = { of: 'days', firstDay: '2020-01-01', lastDay: '2029-12-31' };
  const data = { name: 'Pages test', period, scope: { chains: ['sample/*'] }, timeZone: 'Europe/Berlin' };
  if (!known) await page.request.post('/api/v1/reports/definitions', { data, headers: { origin: installation().url } });
  return '/reports/definitions';
};

/** A report that is kept, of all the sample data. */
export const runPath = async (page: Page) => {
  const data = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
  const known = (await listed(page, '/api/v1/report-runs')).items.find((run) => run.state === 'done');
  const id =
    known?.id ??
    (
      (await (
        await page.request.post('/api/v1/report-runs', { data, headers: { origin: installation().url } })
      ).json()) as { id: string }
    ).id; // an API of ours
  const state = async () =>
    ((await (await page.request.get(`/api/v1/report-runs/${id}`)).json()) as { state: string }).state; // an API of ours
  await expect.poll(state, { timeout: 120_000 }).not.toBe('waiting');
  return `/reports/runs/${id}`;
};

/** That report as somebody without an account reads it. */
const sharedPath = async (page: Page) => {
  const id = (await runPath(page)).split('/').at(-1);
  const data = { of: { kind: 'report-run', id } };
  const made = await page.request.post('/api/v1/share-links', { data, headers: { origin: installation().url } });
  const { pathname, search } = new URL(((await made.json()) as { url: string }).url); // an API of ours
  return `${pathname}${search}`;
};

/** Every page of the console and for anybody, with what the sample data has on it. */
export const PLACES: readonly Place[] = [
  { name: 'overview', path: at('/') },
  { name: 'chains', path: at('/chains') },
  { name: 'chains, none found', path: at('/chains?q=no-such-chain') },
  { name: 'a source to be added', path: at('/chains/new') },
  ...['records', 'problems', 'segments', 'attestations', 'heads', 'connect'].map((tab) => ({
    name: `tampered chain, ${tab}`,
    path: chainPath('sample/release-bot', tab),
  })),
  ...['records', 'segments'].map((tab) => ({ name: `growing chain, ${tab}`, path: openChain(tab) })),
  { name: 'verified chain', path: chainPath('sample/support-copilot', '') },
  {
    name: 'chain, a period of it',
    path: async (page) => `${await chainPath('sample/release-bot', 'records')(page)}&from=2020-01-01&to=2100-01-01`,
  },
  { name: 'truncated chain', path: chainPath('sample/finance-assistant', '') },
  { name: 'events', path: at('/events') },
  { name: 'events, none found', path: at('/events?q=no-such-word') },
  { name: 'session', path: sessionPath },
  { name: 'findings', path: at('/findings') },
  { name: 'suppressions', path: suppressionsPath },
  { name: 'cases', path: at('/cases') },
  { name: 'case', path: casePath },
  { name: 'rules', path: at('/rules') },
  { name: 'rule', path: async (page) => `/rules/${(await listed(page, '/api/v1/rules')).items[0]?.id}` },
  { name: 'new rule', path: at('/rules/new') },
  { name: 'rule of a search', path: at('/rules/new?q=decision:deny') },
  { name: 'attestations', path: at('/attestations') },
  {
    name: 'attestation',
    path: async (page) => `/attestations/${(await listed(page, '/api/v1/attestations')).items[0]?.id}`,
  },
  ...['waiting', 'packages'].map((view) => ({ name: `attestations, ${view}`, path: at(`/attestations?view=${view}`) })),
  { name: 'trust', path: at('/trust') },
  { name: 'verifier', path: at('/verify') },
  { name: 'API', path: at('/docs/api') },
  { name: 'API, one part', path: at('/docs/api/findings') },
  { name: 'report', path: at('/reports') },
  { name: 'saved reports', path: definitionsPath },
  { name: 'kept reports', path: at('/reports/runs') },
  { name: 'kept report', path: runPath },
  { name: 'shared report', path: sharedPath },
  { name: 'control evidence', path: at('/reports/controls') },
  { name: 'control evidence, a framework', path: at('/reports/controls/eu-ai-act?period=365d') },
  { name: 'activity', path: at('/activity') },
  { name: 'activity, none found', path: at('/activity?action=no-such') },
  { name: 'settings', path: at('/settings') },
  { name: 'people', path: at('/settings/people') },
  { name: 'workspaces', path: at('/settings/workspaces') },
  { name: 'retention', path: at('/settings/retention') },
  { name: 'own account', path: at('/settings/you') },
  { name: 'notifications', path: at('/settings/notifications') },
  { name: 'page of another workspace', path: at('/open?workspace=none&to=/chains') },
  { name: 'sign-in', path: at('/sign-in') },
  { name: 'page not found', path: at('/no-such-page') },
];
