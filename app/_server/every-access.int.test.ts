import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personActor } from '@/lib/access/actor';
import { createToken } from '@/lib/access/tokens';
import { ROLES, type Role } from '@/lib/schemas/roles';
import { signedIn, testPerson } from '@/lib/testing/actor';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import type { Access } from './auth';
import { type WalkedOperation, addressOf, operationsIn, walkRoutes } from './walked-routes';

const ROOT = path.resolve(import.meta.dirname, '../..');
const UNKNOWN_ID = '019a0000-0000-7000-8000-000000000000';
/** Of a link that is good. */
const SHARED = 'c'.repeat(43);
const PASSWORD = 'correct horse battery staple';

const CALLERS = [
  'nobody',
  'a token that is none',
  'a read-only link',
  ...ROLES,
  'read token of administrator',
  'read token of auditor',
  'ingest token of administrator',
  'ingest token of analyst',
  'ingest token of auditor',
] as const;
type Caller = (typeof CALLERS)[number];

/** Who may what is declared as, written out: the table that decides is not asked. */
const MAY: Record<Access, readonly Caller[]> = {
  public: CALLERS,
  person: ['administrator', 'analyst', 'auditor'],
  enrolment: ['administrator', 'analyst', 'auditor'],
  read: ['administrator', 'analyst', 'auditor', 'read token of administrator', 'read token of auditor'],
  activity: ['administrator', 'auditor', 'read token of administrator', 'read token of auditor'],
  package: ['administrator', 'analyst', 'read token of administrator'],
  ingest: ['administrator', 'analyst', 'ingest token of administrator', 'ingest token of analyst'],
  analyst: ['administrator', 'analyst'],
  administrator: ['administrator'],
};
/** What changes something, and may be declared to need no more than a person: it is their own. */
const OWN = [
  'POST /api/auth/change-password',
  'POST /api/v1/views',
  'PATCH /api/v1/views/{viewId}',
  'DELETE /api/v1/views/{viewId}',
  'PUT /api/v1/preferences/{name}',
  'POST /api/v1/me/invitations',
  'PUT /api/v1/me/workspace',
  'DELETE /api/v1/me/sessions/{sessionId}',
  'POST /api/v1/me/passkeys',
  'POST /api/v1/me/passkeys/begin',
  'POST /api/v1/me/passkeys/{passkeyId}/remove',
  'POST /api/v1/me/second-factor/app',
  'POST /api/v1/me/second-factor/app/confirm',
  'POST /api/v1/me/second-factor/app/remove',
  'POST /api/v1/me/second-factor/recovery-codes',
];
/** They read a text that is too long for an address, and keep nothing. */
const ASKS = ['POST /api/v1/rules/check', 'POST /api/v1/rules/preview', 'POST /api/v1/suppressions/preview'];
/** What changes something for somebody who is not signed in. */
const COMES_IN = [
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'POST /api/v1/setup',
  'POST /api/v1/links',
  'POST /api/v1/sign-in/code',
  'POST /api/v1/sign-in/passkey',
  'POST /api/v1/sign-in/passkey/begin',
];

/** What is gone to by somebody who is not signed in, who may be when they come back. */
const LEADS_IN = ['GET /api/auth/get-session', 'GET /api/auth/oidc/callback', 'GET /api/auth/oidc/sign-in'];

/** What is read before it is asked who calls. */
const BODY: Record<string, string> = {
  '/api/auth/change-password': JSON.stringify({ currentPassword: 'no', newPassword: 'a quite other sentence' }),
};

const ROUTES = await walkRoutes();
const OPERATIONS = operationsIn(ROUTES);

let installation: TestInstallation;
const headersOf: Record<string, Record<string, string>> = { nobody: {} };
beforeAll(async () => {
  installation = await startInstallation({
    // Nobody is there.
    SEALTRAIL_OIDC_ISSUER: 'http://127.0.0.1:1',
    SEALTRAIL_OIDC_CLIENT_ID: 'sealtrail',
    SEALTRAIL_OIDC_CLIENT_SECRET: 'secret',
    SEALTRAIL_OIDC_ROLES: '*=administrator',
  });
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  for (const role of ROLES) {
    const email = `${role}@example.org`;
    const { id } = await testPerson(ctx, { name: role, email, password: PASSWORD, role });
    if (role === 'administrator') await shareLink(id);
    headersOf[role] = { cookie: await signedIn(ctx, { email, password: PASSWORD }) };
    for (const scope of ['read', 'ingest'] as const) {
      const actor = personActor({ id, email, role });
      const { token } = await createToken(ctx, { name: `${scope} ${role}`, scopes: [scope], actor });
      headersOf[`${scope} token of ${role}`] = { authorization: `Bearer ${token}` };
    }
  }
  headersOf['a read-only link'] = { authorization: `Bearer ${SHARED}`, cookie: `sealtrail.session_token=${SHARED}` };
  headersOf['a token that is none'] = { authorization: `Bearer st_${'x'.repeat(40)}` };
}, 180_000);
afterAll(() => installation?.stop());

/** A link to a report that is not there: it opens nothing, and is good. */
const shareLink = (createdById: string) =>
  installation.ctx.db
    .insertInto('share_links')
    .values({
      token_sha256: createHash('sha256').update(SHARED).digest('hex'),
      of_kind: 'report-run',
      of_id: UNKNOWN_ID,
      created_by: 'a test',
      created_by_id: createdById,
      created_at: new Date(),
      expires_at: new Date(Date.now() + 3_600_000),
    })
    .execute();

/** Asks for what is not there, with nothing: whoever may gets as far as that. */
async function statusFor(caller: Caller, operation: WalkedOperation): Promise<number> {
  const answer = await answerFor(caller, operation);
  await answer.body?.cancel();
  return answer.status;
}

async function answerFor(
  caller: Caller,
  operation: WalkedOperation,
  { headers = {}, body = BODY[operation.at] ?? '[' }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  const { publicUrl } = installation.ctx.env;
  const { method, handler } = operation;
  const { address, params } = addressOf(operation, () => UNKNOWN_ID);
  // Wherever one would look for it.
  const query = caller === 'a read-only link' ? `?token=${SHARED}&access_token=${SHARED}` : '';
  return handler(
    new Request(`${publicUrl}${address}${query}`, {
      method,
      headers: {
        origin: publicUrl,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        'tus-resumable': '1.0.0',
        'x-sealtrail-peer': '127.0.0.1',
        ...headersOf[caller],
        ...headers,
      },
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    }),
    { params: Promise.resolve(params) },
  );
}

it('every route declares what it needs', () => {
  expect(ROUTES.filter(({ operations }) => !operations?.length).map(({ file, method }) => `${method} ${file}`)).toEqual(
    [],
  );
  expect(OPERATIONS.length).toBeGreaterThan(140);
});

it('there are no server actions, which would be a way in beside the routes', () => {
  const files = globSync('{app,lib}/**/*.{ts,tsx}', { cwd: ROOT });
  expect(files.filter((file) => /^\s*['"]use server['"]/m.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual(
    [],
  );
});

it('what changes something is declared to need more than to read, but for what is one’s own', () => {
  const changing = OPERATIONS.filter(
    ({ method, access }) =>
      ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && ['person', 'enrolment', 'read'].includes(access),
  );
  expect([...new Set(changing.map(({ what }) => what))].toSorted()).toEqual([...OWN, ...ASKS].toSorted());
  const open = OPERATIONS.filter(
    ({ method, access, file }) =>
      ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && access === 'public' && !file.includes('[...rest]'),
  );
  expect(open.map(({ what }) => what).toSorted()).toEqual(COMES_IN.toSorted());
  const led = OPERATIONS.filter(({ method, at }) => method === 'GET' && at.startsWith('/api/auth/'));
  expect(led.map(({ what, access }) => [what, access]).toSorted()).toEqual(LEADS_IN.map((what) => [what, 'public']));
});

it('access, keys, policies and settings are the administrator’s, and nothing else is', () => {
  const theirs = OPERATIONS.filter(({ access }) => access === 'administrator').map(({ what }) => what);
  expect(theirs.toSorted()).toEqual([
    'DELETE /api/v1/chains/{chainId}/attestation-policy',
    'DELETE /api/v1/chains/{chainId}/holds/{holdId}',
    'DELETE /api/v1/chains/{chainId}/retention',
    'DELETE /api/v1/invitations/{invitationId}',
    'DELETE /api/v1/notifications/destinations/{destinationId}',
    'DELETE /api/v1/people/{personId}/second-factor',
    'DELETE /api/v1/people/{personId}/sessions',
    'DELETE /api/v1/tokens/{tokenId}',
    'GET /api/v1/invitations',
    'PATCH /api/v1/notifications/destinations/{destinationId}',
    'PATCH /api/v1/people/{personId}',
    'POST /api/v1/chains/{chainId}/deletion',
    'POST /api/v1/chains/{chainId}/holds',
    'POST /api/v1/guardrail-keys',
    'POST /api/v1/guardrail-keys/{keyId}/retire',
    'POST /api/v1/invitations',
    'POST /api/v1/notifications/deliveries/{deliveryId}/retry',
    'POST /api/v1/notifications/destinations',
    'POST /api/v1/notifications/destinations/{destinationId}/test',
    'POST /api/v1/people/{personId}/password-link',
    'POST /api/v1/signing-keys/rotate',
    'POST /api/v1/tokens',
    'POST /api/v1/workspaces',
    'PUT /api/v1/access-policy',
    'PUT /api/v1/attestation-policy',
    'PUT /api/v1/chains/{chainId}/attestation-policy',
    'PUT /api/v1/chains/{chainId}/retention',
    'PUT /api/v1/retention/policy',
  ]);
});

describe.each(OPERATIONS)('$what, declared as $access', (operation) => {
  it('answers each caller as is declared', { timeout: 60_000 }, async () => {
    const { access } = operation;
    // Anybody: how it answers one who is signed in is its own.
    const callers = access === 'public' ? (['nobody', 'a read-only link'] as const) : CALLERS;
    const answered: Record<string, number> = {};
    for (const caller of callers) answered[caller] = await statusFor(caller, operation);
    const wrong = callers.filter((caller) => {
      const status = answered[caller] ?? 0;

      if (MAY[access].includes(caller)) return status === 401 || status === 403;
      return ![401, 403].includes(status);
    });
    expect([wrong, answered]).toEqual([[], answered]);
  });
});

it('a role that changes is another in the next request, for the tokens too', async () => {
  const { db } = installation.ctx;
  const [rules] = OPERATIONS.filter(({ what }) => what === 'PATCH /api/v1/rules/{ruleId}');
  const [records] = OPERATIONS.filter(({ what }) => what === 'POST /api/v1/chains/{chainId}/records');
  if (!rules || !records) throw new Error('the routes are gone');
  const become = (role: Role) =>
    db.updateTable('user').set({ role }).where('email', '=', 'analyst@example.org').execute();
  const answers = async () => [await statusFor('analyst', rules), await statusFor('ingest token of analyst', records)];
  expect(await answers()).not.toContain(403);
  await become('auditor');
  expect(await answers()).toEqual([403, 403]);
  await become('analyst');
  expect(await answers()).not.toContain(403);
});

it('who has to have a second factor, and has none, is let into nothing but setting it up', {
  timeout: 120_000,
}, async () => {
  const { db } = installation.ctx;
  const turn = (isOn: boolean) =>
    db
      .insertInto('access_policy')
      .values({ requires_second_factor: isOn, changed_by: 'a test', changed_by_id: 'a test', changed_at: new Date() })
      .onConflict((conflict) => conflict.column('is_only').doUpdateSet({ requires_second_factor: isOn }))
      .execute();
  await turn(true);
  const answered: [string, string | null][] = [];
  for (const operation of OPERATIONS.filter(({ access }) => access !== 'public')) {
    const answer = await answerFor('administrator', operation);
    // Of a HEAD, and of what says failures as another protocol does, the status is all there is.
    const code = answer.status === 403 ? (/"code":"(\w+)"/.exec(await answer.text())?.[1] ?? null) : 'open';
    answered.push([`${operation.what} ${operation.access}`, code]);
  }
  await turn(false);
  expect(answered.filter(([, code]) => code === 'open').map(([what]) => what)).toEqual(
    OPERATIONS.filter(({ access }) => access === 'enrolment').map(({ what, access }) => `${what} ${access}`),
  );
  const said = answered.filter(([what, code]) => / \/api\//.test(what) && code !== 'open' && !what.startsWith('HEAD'));
  expect(said.filter(([, code]) => code !== 'SECOND_FACTOR_REQUIRED')).toEqual([]);
  expect(said.length).toBeGreaterThan(110);
});

/** What a page of somebody else can have a browser send: with cookies, by a form or by a script. */
const FOREIGN: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.org' },
  { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.org' },
  { 'sec-fetch-site': 'cross-site', origin: 'null', 'content-type': 'text/plain' },
  // Of a browser that does not say where from, by the origin alone.
  { 'sec-fetch-site': '', origin: 'https://evil.example.org' },
  { 'sec-fetch-site': '', origin: 'null' },
  { 'sec-fetch-site': '', origin: '' },
];

it('a page of somebody else changes nothing with the cookie of a person', { timeout: 120_000 }, async () => {
  const changing = OPERATIONS.filter(
    ({ method, access }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && access !== 'public',
  );
  const taken: unknown[] = [];
  for (const operation of changing)
    for (const headers of FOREIGN) {
      const answer = await answerFor('administrator', operation, { headers });
      await answer.body?.cancel();
      if (answer.status !== 403) taken.push([operation.what, headers, answer.status]);
    }
  expect(taken).toEqual([]);
  expect(changing.length).toBeGreaterThan(80);
  // They are signed in still, and signed in as nobody else.
  for (const what of ['POST /api/auth/sign-out', 'POST /api/auth/sign-in/email']) {
    const [operation] = OPERATIONS.filter((one) => one.what === what);
    if (!operation) throw new Error(`${what} is gone`);
    const body = JSON.stringify({ email: 'auditor@example.org', password: PASSWORD });
    for (const headers of FOREIGN.filter(({ origin }) => origin)) {
      const answer = await answerFor('administrator', operation, { headers, body });
      expect([what, headers, answer.status]).toEqual([what, headers, 403]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  }
});

it('a JSON body that nests deep, or is huge, is refused by every route that takes one', {
  timeout: 120_000,
}, async () => {
  const deep = 120_000;
  const bodies = [
    '['.repeat(deep) + ']'.repeat(deep),
    '{"a":'.repeat(deep / 6) + '1' + '}'.repeat(deep / 6),
    // Under a name that most of them know.
    ...['name', 'search', 'filter', 'of', 'value', 'response'].map(
      (name) => `{"${name}":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    ),
  ];
  const huge = [`"${'x'.repeat(300 * 1024)}"`, `{${'"a":1,'.repeat(60_000)}"a":1}`];
  const taking = OPERATIONS.filter(
    ({ body, file }) => body !== undefined && file.startsWith('app/api/v1/') && !file.includes('/preferences/'),
  );
  const failed: [what: string, body: number, status: number][] = [];
  for (const operation of taking) {
    for (const [index, body] of bodies.entries()) {
      const { status } = await answerFor('administrator', operation, { body });
      if (status < 400 || status >= 500) failed.push([operation.what, index, status]);
    }
    for (const [index, body] of huge.entries()) {
      const { status } = await answerFor('administrator', operation, { body });
      if (status !== 413) failed.push([operation.what, -index, status]);
    }
  }
  // To read an object and leave everything in it aside is no failure.
  const other = failed.filter(([what]) => what !== 'POST /api/v1/sign-in/passkey/begin');
  expect(other).toEqual([]);
  expect(taking.length).toBeGreaterThan(40);
});
