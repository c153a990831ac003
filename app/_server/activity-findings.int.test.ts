import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerBrowser } from '@/lib/access/answer';
import { personActor, WORKER } from '@/lib/access/actor';
import { changePerson } from '@/lib/access/change-person';
import { createToken } from '@/lib/access/tokens';
import { carryActivity } from '@/lib/activity/carry';
import { checkActivity } from '@/lib/activity/check-activity';
import { recordDownload } from '@/lib/activity/record-download';
import * as audit from '@/lib/audit/append';
import { OWN_CHAIN } from '@/lib/core/own-chain';
import { switchRule } from '@/lib/detect/own-rules/switch-rule';
import { shippedRules } from '@/lib/detect/shipped-rules';
import { closeTail } from '@/lib/ingest/close-tail';
import { renderMetrics } from '@/lib/ops/metrics';
import { signedIn, testActor, testPerson } from '@/lib/testing/actor';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PASSWORD = 'correct horse battery staple';
type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;

let installation: TestInstallation;
const cookies: Record<string, string> = {};
const people: Record<string, string> = {};
let findings: { id: string; rule_id: string }[] = [];
const ruleIds: Record<string, string> = {};

const act = (action: 'hold.lift' | 'chain.request-deletion' | 'finding.close', subjectId: string, details = {}) =>
  installation.ctx.db.transaction().execute((tx) => audit.append(tx, testActor('ada'), { action, subjectId, details }));

/** Everything that a rule that ships finds among actions, done by the verbs that do it, or written as they write it. */
beforeAll(async () => {
  installation = await startInstallation();
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  for (const role of ['administrator', 'analyst', 'auditor'] as const) {
    const person = { name: role, email: `${role}@example.org`, password: PASSWORD };
    people[role] = (await testPerson(ctx, { ...person, role })).id;
  }
  for (let n = 0; n < 12; n += 1)
    await answerBrowser(
      ctx,
      new Request(`${ctx.env.publicUrl}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sealtrail-peer': '192.0.2.7' },
        body: JSON.stringify({ email: 'analyst@example.org', password: `wrong ${n}, and long enough` }),
      }),
    );
  for (const role of ['administrator', 'analyst', 'auditor'])
    cookies[role] = await signedIn(ctx, { email: `${role}@example.org`, password: PASSWORD });
  const actor = personActor({
    id: people['administrator'] ?? '',
    email: 'administrator@example.org',
    role: 'administrator',
  });
  const eve = await testPerson(ctx, { name: 'Eve', email: 'eve@example.org', password: PASSWORD, role: 'analyst' });
  await changePerson(ctx, { personId: eve.id, role: 'administrator', actor });
  await act('finding.close', 'f1', { from: 'new', verdict: 'false_positive', verdictBefore: 'true_positive' });
  await act('hold.lift', 'h1');
  await act('chain.request-deletion', 'c1');
  const { id, name } = await createToken(ctx, { name: 'takes', scopes: ['read'], actor });
  for (let n = 0; n < 30; n += 1)
    await recordDownload(ctx, { ...testActor(id), name: `token ${name}` }, { of: 'csv', path: '/x', isFile: true });
  for (const { id: ruleId, title } of await shippedRules(ctx)) ruleIds[title] = ruleId;
  const nightly = ruleIds['Signing key rotated outside office hours'] ?? '';
  await switchRule(ctx, { ruleId: nightly, isEnabled: false, actor });
  await switchRule(ctx, { ruleId: nightly, isEnabled: true, actor });
  await ctx.db.updateTable('user').set({ role: 'administrator' }).where('email', '=', 'auditor@example.org').execute();
  await checkActivity(ctx, { everyMs: 0 });
  await ctx.db.updateTable('user').set({ role: 'auditor' }).where('email', '=', 'auditor@example.org').execute();
  await checkActivity(ctx, { everyMs: 0 });
  await installation.work();
  await carryActivity(ctx);
  await closeTail(ctx, { chainId: OWN_CHAIN.id, actor: WORKER });
  await installation.settled(OWN_CHAIN.id);
  findings = await ctx.db
    .selectFrom('findings as f')
    .innerJoin('finding_chains as c', 'c.finding_id', 'f.id')
    .where('c.chain_id', '=', OWN_CHAIN.id)
    .where('f.superseded_at', 'is', null)
    .select(['f.id', 'f.rule_id'])
    .execute();
}, 240_000);
afterAll(() => installation.stop(), 60_000);

async function ask(
  method: 'GET' | 'PATCH' | 'POST',
  address: string,
  file: string,
  { as = 'administrator', params = {}, body }: { as?: string; params?: Record<string, string>; body?: object } = {},
): Promise<Response> {
  const handlers = (await import(path.join(ROOT, 'app/api/v1', file, 'route.ts'))) as Record<string, Handler>; // of a route that has one
  const handle = handlers[method];
  if (!handle) throw new Error(`${file} has no ${method}`);
  return handle(
    new Request(`${installation.ctx.env.publicUrl}${address}`, {
      method,
      headers: {
        cookie: cookies[as] ?? '',
        'x-sealtrail-peer': '127.0.0.1',
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
      },
      ...(body && { body: JSON.stringify(body) }),
    }),
    { params: Promise.resolve(params) },
  );
}

it.each([
  'Many sign-ins of a person were refused, and then one was not',
  'Somebody was made an administrator',
  'What was judged a true positive was judged again',
  'A legal hold was lifted and then a chain was deleted',
  'A token was made, and then a token took much',
  'A rule over what is done here was switched off',
  'The database is not what the chain of actions says',
])('rules over actions run by themselves: %s', (title) => {
  expect(findings.map(({ rule_id: id }) => id)).toContain(ruleIds[title]);
});

it('what they find is in no list, count, file or metric of findings, but where it is asked for by its chain', async () => {
  const count = async (query: string, as: string) => {
    const answer = await ask('GET', `/api/v1/findings?${query}`, 'findings', { as });
    return answer.ok ? (await answer.json()).items.length : answer.status;
  };
  for (const as of ['administrator', 'analyst', 'auditor']) expect(await count('', as)).toBe(0);
  for (const id of [OWN_CHAIN.id, OWN_CHAIN.id.toUpperCase()])
    expect([
      await count(`chainId=${id}`, 'administrator'),
      await count(`chainId=${id}`, 'analyst'),
      await count(`chainId=${id}`, 'auditor'),
    ]).toEqual([findings.length, 403, findings.length]);
  expect((await renderMetrics(installation.ctx)).text.match(/^sealtrail_findings\{.*\} [1-9]/m)).toBeNull();
  for (const file of ['findings.csv', 'findings.ocsf.ndjson', 'findings.sarif', 'rules', 'findings/times']) {
    const answer = await ask('GET', `/api/v1/${file}?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`, file);
    const text = await answer.text();
    expect(findings.filter(({ id }) => text.includes(id))).toEqual([]);
  }
  const { items } = await (await ask('GET', '/api/v1/rules', 'rules')).json();
  for (const { id, findings: counts } of items)
    expect([id, counts]).toEqual([id, { new: 0, in_progress: 0, on_hold: 0, resolved: 0, closed: 0 }]);
});

it('each is for those who may read activity, by its id too, and nobody else changes it or puts it where others see it', async () => {
  const [{ id } = { id: '' }] = findings;
  const params = { findingId: id };
  for (const file of ['', '/records', '/records.csv', '/ocsf.json', '/sarif.json'])
    expect(
      await Promise.all(
        ['administrator', 'analyst', 'auditor'].map(
          async (as) =>
            (await ask('GET', `/api/v1/findings/${id}${file}`, `findings/[findingId]${file}`, { as, params })).status,
        ),
      ),
    ).toEqual([200, 403, 200]);
  const change = { verdict: 'false_positive', status: 'closed' };
  const one = { params, body: change };
  expect((await ask('PATCH', `/api/v1/findings/${id}`, 'findings/[findingId]', { ...one, as: 'analyst' })).status).toBe(
    403,
  );
  const several = { body: { ids: [id], change } };
  expect((await ask('PATCH', '/api/v1/findings', 'findings', { ...several, as: 'analyst' })).status).toBe(403);
  const story = { body: { title: 'A story', findingIds: [id] } };
  expect((await ask('POST', '/api/v1/cases', 'cases', { ...story, as: 'analyst' })).status).toBe(403);
  expect((await ask('POST', '/api/v1/cases', 'cases', story)).status).toBe(404);
  const bundle = { body: { of: { kind: 'chain', chainId: OWN_CHAIN.id } } };
  expect((await ask('POST', '/api/v1/packages', 'packages', { ...bundle, as: 'analyst' })).status).toBe(403);
  expect((await ask('PATCH', `/api/v1/findings/${id}`, 'findings/[findingId]', one)).status).toBe(200);
});
