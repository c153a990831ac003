import { globSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryActivity } from '@/lib/activity/carry';
import { OWN_CHAIN } from '@/lib/core/own-chain';
import { ingestUpload } from '@/lib/ingest/upload';
import { WORKER } from '@/lib/access/actor';
import { closeTail } from '@/lib/ingest/close-tail';
import { recordedSpan } from '@/lib/reports/figures';
import { signedIn, testActor, testPerson } from '@/lib/testing/actor';
import { csvRows } from '@/lib/testing/csv-rows';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { operationsOf } from './declaration';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PASSWORD = 'correct horse battery staple';
type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;

let installation: TestInstallation;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  for (const role of ['administrator', 'analyst', 'auditor'] as const) {
    const person = { name: role, email: `${role}@example.org`, password: PASSWORD };
    await testPerson(ctx, { ...person, role });
    cookies[role] = await signedIn(ctx, person);
  }
  await installation.work();
  const body = (async function* () {
    yield fixture('occasio', 'valid');
  })();
  const { chainId } = await ingestUpload(ctx, { fileName: 'a.jsonl', chain: 'agents', body, actor: testActor() });
  await installation.settled(chainId);
  await carryActivity(ctx);
  await closeTail(ctx, { chainId: OWN_CHAIN.id, actor: WORKER });
  await installation.settled(OWN_CHAIN.id);
}, 180_000);
afterAll(() => installation.stop(), 60_000);

async function ask(address: string, file: string, params: Record<string, string> = {}, as = 'administrator') {
  const { GET } = (await import(path.join(ROOT, file))) as { GET: Handler }; // of a route that has one
  return GET(
    new Request(`${installation.ctx.env.publicUrl}${address}`, {
      headers: { cookie: cookies[as] ?? '', 'x-sealtrail-peer': '127.0.0.1' },
    }),
    { params: Promise.resolve(params) },
  );
}
const json = async (address: string, file: string, params: Record<string, string> = {}) =>
  (await ask(address, file, params)).json();

/** Addresses without a part that names something: lists, figures and files of all there is. */
const LISTS = globSync('app/**/route.ts', { cwd: ROOT })
  .filter((file) => /^app\/(api\/v1|metrics)/.test(file) && !file.includes('['))
  .toSorted();
/** They are about actions, or say what everybody signed who keeps a log of it. */
const OWN = new Set(['app/api/v1/activity/route.ts', 'app/api/v1/activity.csv/route.ts']);
const PERIOD = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';

it('is in no list, figure or file of all chains', async () => {
  const answered: string[] = [];
  const named: string[] = [];
  for (const file of LISTS) {
    const { GET } = (await import(path.join(ROOT, file))) as { GET?: Handler }; // some have none
    if (!GET || OWN.has(file) || !operationsOf(GET)) continue;
    const at = file.replace(/^app/, '').replace(/\/route\.ts$/, '');
    const answer = await ask(`${at}?${PERIOD}&fields=format,agent&q=`, file);
    const text = await answer.text();
    if (answer.ok) answered.push(file);
    if ([OWN_CHAIN.id, OWN_CHAIN.name, `"${OWN_CHAIN.format}"`].some((name) => text.includes(name))) named.push(file);
  }
  expect(named).toEqual([]);
  expect(answered.length).toBeGreaterThan(25);
}, 120_000);

it('is counted in no figure', async () => {
  const { ctx } = installation;
  expect(await json('/api/v1/chains', 'app/api/v1/chains/route.ts')).toMatchObject({ total: 1 });
  const overview = await json(`/api/v1/overview?${PERIOD}`, 'app/api/v1/overview/route.ts');
  expect(overview).toMatchObject({ chains: 1, records: 228, coverage: { records: 228 } });
  expect(await json('/api/v1/attestations', 'app/api/v1/attestations/route.ts')).toMatchObject({ total: 1 });
  const histogram = await json(`/api/v1/events/histogram?${PERIOD}&q=`, 'app/api/v1/events/histogram/route.ts');
  expect(JSON.stringify(histogram)).toContain('228');
  const span = await recordedSpan(ctx);
  expect(new Date(span?.to ?? 0).getUTCFullYear()).toBe(2026);
});

it('is found where it is asked for by its id, by those who may', async () => {
  const file = 'app/api/v1/chains/[chainId]/route.ts';
  const chain = { chainId: OWN_CHAIN.id };
  const own = await json(`/api/v1/chains/${OWN_CHAIN.id}`, file, chain);
  expect(own).toMatchObject({ verdict: 'verified', segments: 1, progress: { loaded: own.records } });
  const statuses = await Promise.all(
    ['administrator', 'analyst', 'auditor'].map(async (as) => [
      (await ask(`/api/v1/chains/${OWN_CHAIN.id}`, file, chain, as)).status,
      (await ask(`/api/v1/events?${PERIOD}&chain=${OWN_CHAIN.id}&q=`, 'app/api/v1/events/route.ts', {}, as)).status,
      (await ask('/api/v1/activity', 'app/api/v1/activity/route.ts', {}, as)).status,
      (await ask('/api/v1/activity.csv', 'app/api/v1/activity.csv/route.ts', {}, as)).status,
    ]),
  );
  expect(statuses).toEqual([
    [200, 200, 200, 200],
    [403, 403, 403, 403],
    [200, 200, 200, 200],
  ]);
  const events = await json(`/api/v1/events?${PERIOD}&chain=${OWN_CHAIN.id}&q=`, 'app/api/v1/events/route.ts');
  expect(events.items.map(({ tool }: { tool: string }) => tool)).toContain('chain.upload');
});

it('is listed newest first, in pages, and by who, what, to what and when; and as CSV', async () => {
  const list = (query: string) => json(`/api/v1/activity?${query}`, 'app/api/v1/activity/route.ts');
  const all = await list('limit=500');
  const seqs = all.items.map(({ seq }: { seq: number }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a: number, b: number) => b - a));
  expect(all.total).toBe(all.items.length);
  const paged: number[] = [];
  for (let cursor = ''; ; ) {
    const page = await list(`limit=3${cursor && `&cursor=${cursor}`}`);
    paged.push(...page.items.map(({ seq }: { seq: number }) => seq));
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(seqs);

  const of = async (query: string) =>
    (await list(query)).items.map(({ action, actor }: { action: string; actor: { name: string } }) => [
      actor.name,
      action,
    ]);
  // That they took the CSV is an action too; that others were refused it is none.
  expect(await of('actor=AUDITOR')).toEqual([
    ['auditor@example.org', 'evidence.download'],
    ['auditor@example.org', 'person.sign-in'],
  ]);
  expect(await of('actor=analyst')).toEqual([['analyst@example.org', 'person.sign-in']]);
  expect(await of('action=chain.up')).toEqual([['test', 'chain.upload']]);
  expect((await of('subject=person')).length).toBe(6);
  expect(await of('to=2026-01-01T00:00:00Z')).toEqual([]);
  expect((await of('from=2026-01-01T00:00:00Z')).length).toBeGreaterThan(6);

  // Each leads to its record.
  const [signIn] = (await list('actor=auditor&action=person.sign-in')).items;
  const record = await json(
    `/api/v1/chains/${OWN_CHAIN.id}/records/${signIn.record}`,
    'app/api/v1/chains/[chainId]/records/[ordinal]/route.ts',
    { chainId: OWN_CHAIN.id, ordinal: String(signIn.record) },
  );
  expect(JSON.stringify(record)).toContain(signIn.hash);

  const answer = await ask('/api/v1/activity.csv?action=person.', 'app/api/v1/activity.csv/route.ts');
  const rows = csvRows(await answer.text());
  expect(rows.length - 1).toBe((await of('action=person.')).length);
});
