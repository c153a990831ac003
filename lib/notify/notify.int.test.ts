import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { announceStuck } from '../db/announce';
import { type CatalogRule, catalog } from '../detect/catalog';
import { partsOf } from '../core/rules/parts';
import { toFinding } from '../detect/hit';
import { insertFindings } from '../detect/write-findings';
import { ingestUpload } from '../ingest/upload';
import { listStuck, retryStuck } from '../ops/stuck';
import { renderMetrics } from '../ops/metrics';
import type { NewDestination } from '../schemas/notifications';
import { testActor } from '../testing/actor';
import { fixture } from '../testing/fixtures';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { changeDestination } from './change-destination';
import { createDestination } from './create-destination';
import { deleteDestination } from './delete-destination';
import { deliver } from './deliver';
import { listDeliveries } from './list-deliveries';
import { listDestinations } from './list-destinations';
import { retryDelivery } from './retry-delivery';
import { routeEvents } from './route-events';
import { runDueDeliveries, sweepDeliveries } from './run-due-deliveries';
import { MOST_ATTEMPTS } from './schedule';
import { testDestination } from './test-destination';

const ACTOR = testActor();
const HOUR_MS = 3_600_000;

/** Whoever is told: what came by path, and what it answers. */
const came: { path: string; headers: Record<string, string>; body: string }[] = [];
let answer: (path: string) => { status: number; body?: string; headers?: Record<string, string> };
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    const path = request.url ?? '';
    came.push({ path, headers: request.headers as Record<string, string>, body }); // none of these comes twice
    const { status, body: said = '', headers = {} } = answer(path);
    response.writeHead(status, headers).end(said);
  });
});

let installation: TestInstallation;
let rule: CatalogRule;
let base = '';
let nowMs = 0;
/** The installation on a clock that is moved by hand. */
const own = () => ({ ...installation.ctx, now: () => new Date(nowMs) });

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver listens on no port');
  base = `http://127.0.0.1:${address.port}`;
  installation = await startInstallation({ SEALTRAIL_NOTIFY_ALLOW: '127.0.0.1/32' });
  const found = (await catalog(installation.ctx)).find(({ correlation }) => correlation.groupBy.length === 1);
  if (!found) throw new Error('no rule groups by one field');
  rule = found;
});
afterAll(async () => {
  await installation?.stop();
  receiver.close();
});
beforeEach(async () => {
  came.splice(0);
  answer = () => ({ status: 204 });
  nowMs = Date.now();
  const { db } = installation.ctx;
  await db.deleteFrom('notification_destinations').execute();
  await db.deleteFrom('notification_events').execute();
});

const webhook = (path: string, filter: Partial<NewDestination['filter']> = {}) =>
  createDestination(own(), {
    kind: 'webhook',
    url: `${base}${path}`,
    name: path.replace(/\?.*/, ''),
    isEnabled: true,
    filter: { events: ['finding.new'], minLevel: 'informational', ruleIds: [], chains: [], ...filter },
    actor: ACTOR,
  });

/** As a rule that finds it writes it. */
async function find(name: string, recordCount = 2): Promise<void> {
  const atUs = Date.UTC(2026, 4, 11) * 1000;
  const finding = toFinding(rule, partsOf(rule)[0], {
    rule: 0,
    groupValues: [name, ''],
    windowFromUs: atUs,
    windowToUs: atUs,
    measured: { peak: 2 },
    recordCount,
    chains: [],
    records: [],
  });
  await installation.ctx.db.transaction().execute((tx) => insertFindings(tx, [finding], new Date(nowMs)));
}
async function everything(destinationId: string): Promise<void> {
  while ((await routeEvents(own())) > 0);
  await deliver(own(), { destinationId });
}
const log = async (destinationId: string) => (await listDeliveries(own(), { destinationId, limit: 500 })).items;
function only<T>(all: readonly T[]): T {
  const [one] = all;
  if (one === undefined || all.length > 1) throw new Error(`${all.length} of what there is one`);
  return one;
}
const bodies = (path: string) => came.filter((one) => one.path === path).map(({ body }) => JSON.parse(body));

it('a finding is told once, signed, and again only as it grows to whoever wants that', async () => {
  const { id, secret } = await webhook('/new');
  const grown = await webhook('/grown', { events: ['finding.grown'] });
  await find('half \ud83d of "sess"');
  await find('half \ud83d of "sess"');
  await everything(id);
  await everything(grown.id);
  expect(came.map(({ path }) => path)).toEqual(['/new']);
  const { headers, body } = only(came);
  const said = new Webhook(secret ?? '').verify(body, headers);
  expect(said).toMatchObject({ type: 'finding.new', data: { title: rule.title, level: rule.level, recordCount: 2 } });
  const [delivery] = await log(id);
  expect(delivery).toMatchObject({
    id: headers['webhook-id'],
    state: 'sent',
    attempts: 1,
    tries: [{ status: 204, ok: true }],
  });

  await find('half \ud83d of "sess"', 3);
  await find('half \ud83d of "sess"', 4);
  await everything(id);
  await everything(grown.id);
  expect(bodies('/new')).toHaveLength(1);
  expect(bodies('/grown')).toMatchObject([{ type: 'finding.grown', data: { recordCount: 4 } }]);
  // More of the same waits for a quarter of an hour, and tells of what there is by then.
  for (const count of [5, 6]) {
    await find('half \ud83d of "sess"', count);
    await everything(grown.id);
  }
  expect(bodies('/grown')).toHaveLength(1);
  nowMs += 16 * 60_000;
  await everything(grown.id);
  expect(bodies('/grown').map(({ data }) => data.recordCount)).toEqual([4, 6]);
});

it('a destination moves to another address with its secret and what waits for it, and to none that is refused', async () => {
  const { id, secret } = await webhook('/old');
  answer = (path) => ({ status: path === '/old' ? 503 : 204 });
  await find('on the move');
  await everything(id);
  expect((await log(id))[0]).toMatchObject({ state: 'waiting', attempts: 1 });
  const move = (change: Parameters<typeof changeDestination>[1]['change']) =>
    changeDestination(own(), { destinationId: id, change, actor: ACTOR });
  await expect(move({ url: 'http://10.0.0.1/x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(move({ to: ['soc@example.org'] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await move({ url: `${base}/moved` })).toMatchObject({ address: `${base}/moved`, failing: null });
  await move({ url: `${base}/moved` }); // as it is
  nowMs += 4 * 60_000;
  await everything(id);
  const { headers, body } = only(came.filter(({ path }) => path === '/moved'));
  expect(new Webhook(secret ?? '').verify(body, { ...headers })).toMatchObject({ type: 'finding.new' });
  const actions = await installation.ctx.db
    .selectFrom('audit_log')
    .select('details')
    .where('subject_id', '=', id)
    .where('action', '=', 'destination.change')
    .execute();
  expect(actions.map(({ details }) => details)).toEqual([
    { changed: ['address'], isEnabled: true, stateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});

it('what is not committed is not told, nor what nobody wants, nor what is no longer found', async () => {
  const { id } = await webhook('/committed', { minLevel: 'critical' });
  const { db } = installation.ctx;
  await expect(
    db.transaction().execute(async (tx) => {
      await announceStuck(tx, { kind: 'join-chain', key: 'x', chainId: null, cause: 'x' }, new Date(nowMs));
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await find('unwanted');
  await changeDestination(own(), {
    destinationId: id,
    change: { filter: { events: ['finding.new'], minLevel: 'low', ruleIds: [], chains: [] } },
    actor: ACTOR,
  });
  await everything(id);
  expect(bodies('/committed')).toHaveLength(1);
  await find('gone again');
  await db
    .updateTable('findings')
    .set({ superseded_at: new Date(nowMs) })
    .where('group_key', 'like', '%gone again%')
    .execute();
  await everything(id);
  expect(bodies('/committed')).toHaveLength(1);
  // Where nobody is to be told nothing is written.
  await deleteDestination(own(), { destinationId: id, actor: ACTOR });
  await find('to nobody');
  expect(await db.selectFrom('notification_events').select('id').execute()).toEqual([]);
});

it('a message that does not arrive is sent again under its id, as it was, over a day; then it is given up, until somebody asks', async () => {
  const { id } = await webhook('/broken');
  answer = () => ({ status: 503, body: `${'sorry '.repeat(500)}`, headers: { 'retry-after': '1' } });
  await find('retried');
  await everything(id);
  await find('retried', 9);
  for (let attempt = 2; attempt <= MOST_ATTEMPTS; attempt += 1) {
    nowMs += 11 * HOUR_MS;
    // Due, and old enough to be given up only when it cannot be tried.
    await deliver(own(), { destinationId: id });
  }
  const [failed] = await log(id);
  expect(failed).toMatchObject({ state: 'failed', attempts: MOST_ATTEMPTS, nextTryAt: null });
  expect(failed?.tries).toHaveLength(MOST_ATTEMPTS);
  expect(failed?.tries[0]).toMatchObject({ ok: false, status: 503, failure: 'it answered 503' });
  expect(failed?.tries[0]?.answer).toHaveLength(1024);
  expect(new Set(came.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(came.map(({ body }) => body)).size).toBe(1);
  expect(new Set(came.map(({ headers }) => headers['webhook-signature'])).size).toBe(MOST_ATTEMPTS);
  await deliver(own(), { destinationId: id });
  expect(came).toHaveLength(MOST_ATTEMPTS);

  expect((await listDestinations(own(), ACTOR)).items).toMatchObject([
    { failed: 1, failing: { failures: MOST_ATTEMPTS } },
  ]);
  expect(await listStuck(own())).toMatchObject({
    total: 1,
    items: [{ id, what: 'Sending notifications', cause: '“/broken”: it answered 503', attempts: MOST_ATTEMPTS }],
  });
  expect((await renderMetrics(own())).text).toContain('sealtrail_notifications{state="failed"} 1');
  expect((await renderMetrics(own())).text).toContain('sealtrail_notification_destinations_failing 1');
  answer = () => ({ status: 200 });
  const again = { deliveryId: failed?.id ?? '', actor: ACTOR };
  await retryDelivery(own(), again);
  await deliver(own(), { destinationId: id });
  expect(await log(id)).toMatchObject([{ state: 'sent', id: failed?.id }]);
  expect(await listStuck(own())).toMatchObject({ total: 0 });
  await expect(retryDelivery(own(), again)).rejects.toMatchObject({ code: 'CONFLICT' });
  nowMs += 31 * 24 * HOUR_MS;
  await sweepDeliveries(own());
  expect(await log(id)).toEqual([]);
});

it('a destination that is down is tried once for all that waits for it, and holds up nobody else', async () => {
  const down = await webhook('/down');
  const up = await webhook('/up');
  answer = (path) => ({ status: path === '/down' ? 500 : 204 });
  for (const name of ['one', 'two', 'three', 'four']) await find(`down ${name}`);
  await everything(down.id);
  await everything(up.id);
  expect([bodies('/down').length, bodies('/up').length]).toEqual([1, 4]);
  await deliver(own(), { destinationId: down.id });
  expect(bodies('/down')).toHaveLength(1);
  for (let n = 0; n < 3; n += 1) {
    nowMs += HOUR_MS;
    await deliver(own(), { destinationId: down.id });
  }
  expect(bodies('/down')).toHaveLength(4);
  answer = () => ({ status: 204 });
  expect(await retryStuck(own(), { id: down.id, actor: ACTOR })).toEqual({ retried: 1 });
  await deliver(own(), { destinationId: down.id });
  expect((await log(down.id)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent']);
  // What is refused for what it says is passed over.
  answer = () => ({ status: 400 });
  for (const name of ['five', 'six']) await find(`down ${name}`);
  await everything(up.id);
  expect((await log(up.id)).filter(({ state }) => state === 'waiting')).toHaveLength(2);
  nowMs += 40 * HOUR_MS;
  await runDueDeliveries(own());
  expect((await log(up.id)).filter(({ state }) => state === 'failed')).toHaveLength(2);
  // Gone is gone.
  answer = () => ({ status: 410 });
  await find('down seven');
  await everything(up.id);
  expect((await log(up.id))[0]).toMatchObject({ state: 'failed', attempts: 1 });
});

it('many findings of one rule are a few messages, and one that says how many more', async () => {
  const { id } = await webhook('/many');
  for (let n = 0; n < 30; n += 1) await find(`many ${n}`);
  await everything(id);
  expect(bodies('/many')).toHaveLength(5);
  for (let n = 30; n < 40; n += 1) await find(`many ${n}`);
  await everything(id);
  expect(bodies('/many')).toHaveLength(5);
  nowMs += 61_000;
  await everything(id);
  expect(bodies('/many').slice(5)).toMatchObject([
    {
      type: 'findings.many',
      data: { ruleId: rule.id, count: 35, url: expect.stringContaining(`/findings?rule=${rule.id}`) },
    },
  ]);
  await find('many later');
  await everything(id);
  expect(bodies('/many').at(-1)).toMatchObject({ type: 'finding.new' });
});

it('a test is sent at once and tells how it went, and addresses that may not be told are refused', async () => {
  const { id, secret } = await webhook('/test?key=hidden');
  expect(await testDestination(own(), { destinationId: id, actor: ACTOR })).toMatchObject({
    state: 'sent',
    kind: 'test',
  });
  const { headers, body } = only(came);
  expect(new Webhook(secret ?? '').verify(body, headers)).toMatchObject({ type: 'test' });
  answer = () => ({ status: 302, headers: { location: `${base}/elsewhere` }, body: '\u0000no' });
  expect(await testDestination(own(), { destinationId: id, actor: ACTOR })).toMatchObject({
    state: 'failed',
    tries: [{ status: 302, failure: 'it answered 302: redirects are not followed', answer: '\\u0000no' }],
  });
  expect(came.map(({ path }) => path)).toEqual(['/test?key=hidden', '/test?key=hidden']);
  const { items } = await listDestinations(own(), ACTOR);
  expect(JSON.stringify(items)).not.toMatch(/hidden|whsec_/);
  const rows = await installation.ctx.db.selectFrom('notification_destinations').selectAll().execute();
  expect(JSON.stringify(rows)).not.toMatch(/hidden|whsec_/);

  const filter = { events: ['finding.new' as const], minLevel: 'low' as const, ruleIds: [], chains: [] };
  const add = (url: string, name: string, kind: 'webhook' | 'slack' = 'slack') =>
    createDestination(own(), { kind, url, name, isEnabled: true, filter, actor: ACTOR });
  for (const url of [
    'https://169.254.169.254/latest',
    'http://[::1]/',
    'https://2130706434/',
    'http://93.184.215.14/',
    'https://a:b@example.org/',
  ])
    await expect(add(url, 'refused')).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { field: 'url' } });
  await expect(add(`${base}/other`, '/TEST')).rejects.toMatchObject({ code: 'CONFLICT' });
  const mail = { kind: 'email' as const, to: ['ada@example.org'], name: 'mail', isEnabled: true, filter, actor: ACTOR };
  await expect(createDestination(own(), mail)).rejects.toMatchObject({ code: 'CONFLICT' });

  // A name that leads to an address of this machine by the time a message is sent.
  const named = await add('https://rebind.example/hook', 'named', 'webhook');
  await find('rebound');
  while ((await routeEvents(own())) > 0);
  await deliver(own(), { destinationId: named.id }, undefined, async () => ['10.0.0.1']);
  expect((await log(named.id))[0]?.tries[0]?.failure).toContain('10.0.0.1, which is no public address');
});

it('Slack is told in its own words, and its address stays a secret', async () => {
  const made = await createDestination(own(), {
    kind: 'slack',
    url: `${base}/services/T0/B0/token`,
    name: 'slack',
    isEnabled: true,
    filter: { events: ['job.stuck'], minLevel: 'low', ruleIds: [], chains: [] },
    actor: ACTOR,
  });
  expect(made).toMatchObject({ secret: null, address: `${base}/…` });
  const stuck = { kind: 'join-chain', key: 'x', chainId: null, cause: 'the database refused it <!here>' };
  await announceStuck(installation.ctx.db, stuck, new Date(nowMs));
  await everything(made.id);
  const [{ text: said, blocks } = { text: '', blocks: [] }] = bodies('/services/T0/B0/token');
  expect(said).toContain('Verifying is stuck');
  expect(said).toContain('&lt;!here&gt;');
  expect(blocks).toHaveLength(1);
  expect(came[0]?.headers['webhook-signature']).toBeUndefined();
});

it('a chain that turns bad is told of once, as it is found by a worker', async () => {
  const { id } = await webhook('/verdict', { events: ['verdict.bad'], chains: ['tamp*'] });
  await installation.work();
  for (const chain of ['tampered', 'other'])
    await ingestUpload(installation.ctx, {
      fileName: 'log.jsonl',
      chain,
      body: Readable.from([fixture('occasio', 'tampered')]),
      actor: ACTOR,
    });
  const told = () => installation.ctx.db.selectFrom('announced_verdicts').select('verdict').execute();
  await expect.poll(told, { timeout: 30_000 }).toHaveLength(2);
  nowMs = Date.now() + 100_000;
  while ((await routeEvents(own())) > 0);
  await deliver(own(), { destinationId: id });
  await expect.poll(() => bodies('/verdict'), { timeout: 10_000 }).toHaveLength(1);
  expect(bodies('/verdict')).toMatchObject([{ type: 'verdict.bad', data: { chain: 'tampered', verdict: 'tampered' } }]);
});
