import { globSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { createOTP } from '@better-auth/utils/otp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { personActor } from '@/lib/access/actor';
import { answerBrowser } from '@/lib/access/answer';
import { openSessionIn } from '@/lib/access/auth';
import { beginPasskey, addPasskey } from '@/lib/access/passkeys/register';
import { beginPasskeySignIn, signInWithPasskey } from '@/lib/access/passkeys/sign-in';
import { personOf } from '@/lib/access/people';
import { keepPending } from '@/lib/access/second-factor/pending';
import { sealedFor } from '@/lib/access/second-factor/sealed-for';
import { signInWithCode } from '@/lib/access/second-factor/sign-in';
import { createToken } from '@/lib/access/tokens';
import { sealText } from '@/lib/crypto/seal';
import { ingestAny } from '@/lib/ingest/any-upload';
import { addSidecar } from '@/lib/ingest/sidecars';
import { ingestUpload } from '@/lib/ingest/upload';
import type { Role } from '@/lib/schemas/roles';
import { signedIn, testActor, testPerson } from '@/lib/testing/actor';
import { Authenticator } from '@/lib/testing/authenticator';
import { fixture } from '@/lib/testing/fixtures';
import { type TestInstallation, startInstallation } from '@/lib/testing/installation';
import { makeZip } from '@/lib/testing/make-zip';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PASSWORD = 'correct horse battery staple';
vi.setConfig({ testTimeout: 60_000 });

/** Around the data of the installation: what is written beside it was written outside. */
let around = '';
let installation: TestInstallation;
const session: Record<string, string> = {};
const id: Record<string, string> = {};
beforeAll(async () => {
  around = mkdtempSync(path.join(tmpdir(), 'sealtrail-attacks-'));
  const dataDir = path.join(around, 'a', 'b', 'data');
  installation = await startInstallation(
    { SEALTRAIL_DATA_DIR: dataDir, EVIDENCE_URL: `file://${path.join(dataDir, 'evidence')}` },
    { rules: 'one' },
  );
  const { ctx } = installation;
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) }); // what `context()` gives
  for (const [name, role] of [
    ['ada', 'administrator'],
    ['ben', 'analyst'],
    ['cem', 'auditor'],
  ] as [string, Role][]) {
    const email = `${name}@example.org`;
    id[name] = (await testPerson(ctx, { name, email, password: PASSWORD, role })).id;
    session[name] = await signedIn(ctx, { email, password: PASSWORD });
  }
}, 180_000);
afterAll(async () => {
  await installation?.stop();
  rmSync(around, { recursive: true, force: true });
}, 60_000);

type Handler = (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
type Asked = { as?: string; method?: string; params?: Record<string, string | string[]>; body?: unknown };
async function ask(file: string, { as = 'ada', method = 'GET', params = {}, body }: Asked): Promise<Response> {
  const module = (await import(path.join(ROOT, 'app', file, 'route.ts'))) as Record<string, Handler>; // checked below
  const handler = module[method];
  if (!handler) throw new Error(`${file} has no ${method}`);
  const { publicUrl } = installation.ctx.env;
  return handler(
    new Request(`${publicUrl}/${file}`, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', cookie: session[as] ?? '' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
    { params: Promise.resolve(params) },
  );
}

const NAME = 'sealtrail.session_token';
const tokenIn = (lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith(`${NAME}=`))
    .map((line) => /=([^;]+)/.exec(line)?.[1] ?? '')
    .filter(Boolean);
const nameOf = async (token: string) =>
  (await personOf(installation.ctx, new Headers({ cookie: `${NAME}=${token}` })))?.name ?? null;

it('whatever session a browser brings to a sign-in, it leaves with one that nobody had before', async () => {
  const { ctx } = installation;
  const eve = await testPerson(ctx, { name: 'eve', email: 'eve@example.org', password: PASSWORD, role: 'auditor' });
  const actor = personActor(eve);
  const laptop = new Authenticator('http://localhost:7325');
  const begun = await beginPasskey(ctx, { actor, password: PASSWORD });
  const pairOf = (line: string) => line.split(';')[0] ?? '';
  await addPasskey(ctx, {
    actor,
    name: 'laptop',
    response: laptop.make(begun.options.challenge),
    headers: new Headers({ cookie: pairOf(begun.cookie) }),
    sessionId: null,
  });
  const secret = 'a secret of eve of 24 ch';
  const app = { secret_sealed: sealText(sealedFor(ctx, eve.id), secret), created_at: ctx.now(), last_step: 0 };
  await ctx.db
    .insertInto('totp_secrets')
    .values({ person_id: eve.id, confirmed_at: ctx.now(), ...app })
    .execute();

  const ways: Record<string, (planted: string) => Promise<readonly string[]>> = {
    password: async (planted) => {
      const request = new Request(`${ctx.env.publicUrl}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ctx.env.publicUrl, cookie: planted },
        body: JSON.stringify({ email: 'cem@example.org', password: PASSWORD }),
      });
      return (await answerBrowser(ctx, request))?.headers.getSetCookie() ?? [];
    },
    code: async (planted) => {
      const pending = pairOf(await keepPending(ctx, 'eve@example.org'));
      const headers = new Headers({ cookie: `${planted}; ${pending}` });
      return signInWithCode(ctx, { headers, code: await createOTP(secret).totp() });
    },
    passkey: async (planted) => {
      const { options, cookie } = await beginPasskeySignIn(ctx);
      const headers = new Headers({ cookie: `${planted}; ${pairOf(cookie)}` });
      return signInWithPasskey(ctx, { headers, response: laptop.answer(options.challenge) });
    },
    'identity provider': (planted) =>
      ctx.db
        .transaction()
        .execute((tx) =>
          openSessionIn(ctx, tx, { personId: id['cem'] ?? '', headers: new Headers({ cookie: planted }) }),
        ),
  };
  const bens = /=([^;]+)/.exec(session['ben'] ?? '')?.[1] ?? '';
  for (const [way, signIn] of Object.entries(ways)) {
    await ctx.db.updateTable('totp_secrets').set({ last_step: 0 }).execute();
    const before = (await sql<{ token: string }>`SELECT token FROM session`.execute(ctx.db)).rows;
    for (const planted of [bens, 'chosen-by-somebody', 'chosen.by-somebody']) {
      await ctx.db.updateTable('totp_secrets').set({ last_step: 0 }).execute();
      const [token = '', ...others] = tokenIn(await signIn(`${NAME}=${planted}`));
      const known = before.map((row) => row.token);
      const isNew = !known.includes(decodeURIComponent(token).split('.')[0] ?? '');
      expect([way, others, token === planted, isNew]).toEqual([way, [], false, true]);
      expect([way, await nameOf(token)]).toEqual([
        way,
        way === 'password' || way.startsWith('identity') ? 'cem' : 'eve',
      ]);
    }
  }
  // What was planted is whose it was.
  expect([await nameOf(bens), await nameOf('chosen-by-somebody'), await nameOf('chosen.by-somebody')]).toEqual([
    'ben',
    null,
    null,
  ]);
});

it('nobody reads, changes or ends what is somebody else’s by its id', async () => {
  const { ctx } = installation;
  const idsOf = async (name: string) =>
    (
      await ctx.db
        .selectFrom('session')
        .select('id')
        .where('userId', '=', id[name] ?? '')
        .execute()
    ).map((row) => row.id);
  const [sessionId = ''] = await idsOf('ada');
  const VIEW = { q: 'decision:deny', period: '7d', from: null, to: null, columns: ['tool', 'target'] };
  const made = await ask('api/v1/views', { method: 'POST', body: { name: 'Of Ada', search: VIEW } });
  expect(made.status).toBe(201);
  const { id: viewId } = (await made.json()) as { id: string }; // an API of ours
  const shared = await ask('api/v1/views', { method: 'POST', body: { name: 'Of all', search: VIEW, isShared: true } });
  const { id: sharedId } = (await shared.json()) as { id: string }; // an API of ours
  const { options, cookie } = await beginPasskey(ctx, {
    actor: personActor({ id: id['ada'] ?? '', email: 'ada@example.org', role: 'administrator' }),
    password: PASSWORD,
  });
  const { passkeyId } = await addPasskey(ctx, {
    actor: personActor({ id: id['ada'] ?? '', email: 'ada@example.org', role: 'administrator' }),
    name: 'laptop',
    response: new Authenticator('http://localhost:7325').make(options.challenge),
    headers: new Headers({ cookie: cookie.split(';')[0] ?? '' }),
    sessionId,
  });
  const { id: tokenId } = await createToken(ctx, { name: 'x', scopes: ['read'], actor: testActor() });

  const statuses: [string, number][] = [];
  for (const as of ['ben', 'cem']) {
    const tried: [string, string, Asked][] = [
      ['a session', 'api/v1/me/sessions/[sessionId]', { method: 'DELETE', params: { sessionId } }],
      ['a view', 'api/v1/views/[viewId]', { method: 'PATCH', params: { viewId }, body: { isShared: true } }],
      ['a view', 'api/v1/views/[viewId]', { method: 'DELETE', params: { viewId } }],
      [
        'a shared view',
        'api/v1/views/[viewId]',
        { method: 'PATCH', params: { viewId: sharedId }, body: { isShared: false } },
      ],
      ['a shared view', 'api/v1/views/[viewId]', { method: 'DELETE', params: { viewId: sharedId } }],
      [
        'a passkey',
        'api/v1/me/passkeys/[passkeyId]/remove',
        { method: 'POST', params: { passkeyId }, body: { password: PASSWORD, code: 'aaaa' } },
      ],
      ['a token', 'api/v1/tokens/[tokenId]', { method: 'DELETE', params: { tokenId } }],
      ['sessions', 'api/v1/people/[personId]/sessions', { method: 'DELETE', params: { personId: id['ada'] ?? '' } }],
      [
        'a second factor',
        'api/v1/people/[personId]/second-factor',
        { method: 'DELETE', params: { personId: id['ada'] ?? '' } },
      ],
      [
        'a password',
        'api/v1/people/[personId]/password-link',
        { method: 'POST', params: { personId: id['ada'] ?? '' } },
      ],
      [
        'a role',
        'api/v1/people/[personId]',
        { method: 'PATCH', params: { personId: id[as] ?? '' }, body: { role: 'administrator' } },
      ],
    ];
    for (const [what, file, asked] of tried) statuses.push([what, (await ask(file, { ...asked, as })).status]);
  }
  expect(statuses.filter(([, status]) => status !== 403 && status !== 404)).toEqual([]);
  const lists = ['api/v1/me/sessions', 'api/v1/views', 'api/v1/me/second-factor'];
  for (const file of lists) {
    const seen = await (await ask(file, { as: 'ben' })).text();
    expect([file, [sessionId, viewId, passkeyId].filter((one) => seen.includes(one))]).toEqual([file, []]);
  }
  // All of it is there still.
  expect(await idsOf('ada')).toContain(sessionId);
  const left = await ctx.db.selectFrom('views').select(['id', 'is_shared']).execute();
  expect(left.find((view) => view.id === viewId)?.is_shared).toBe(false);
  expect(left.find((view) => view.id === sharedId)?.is_shared).toBe(true);
});

/** Names that lead elsewhere where they are taken for paths. */
const TRAVERSING = [
  '../../../outside',
  '../../../../outside',
  '/tmp/sealtrail-outside',
  '..\\..\\outside',
  'a/../../../../outside',
  '....//....//outside',
  '%2e%2e%2f%2e%2e%2foutside',
  '..%2f..%2foutside',
  '~/outside',
  'file:///tmp/sealtrail-outside',
  '.git/config',
  'CON',
  '\u202e../outside',
];
const EVIDENCE = /^a\/b\/data\/evidence\/(?:[a-z-]+\/)?(?:[0-9a-f]{2}\/)*[0-9a-f]{64}$/;

it('no name that somebody sends becomes a path: of an upload, a chain, a sidecar, or a file in an archive', async () => {
  const { ctx } = installation;
  const log = fixture('occasio', 'valid');
  async function* once(bytes: Uint8Array) {
    yield bytes;
  }
  const actor = testActor();
  const kept: string[] = [];
  for (const name of TRAVERSING) {
    const upload = await ingestUpload(ctx, { fileName: `${name}.jsonl`, chain: name, body: once(log), actor });
    kept.push(upload.chainId);
    await addSidecar(ctx, { chainId: upload.chainId, fileName: name, body: once(Buffer.from('x')), actor }).catch(
      () => undefined, // it is no sidecar file of that format
    );
    const zip = makeZip([{ name: `${name}.jsonl`, content: log }]);
    await ingestAny(ctx, { fileName: `${name}.zip`, chain: null, body: once(zip), actor }).catch(() => undefined); // refused whole
  }
  const files = globSync('**/*', { cwd: around, withFileTypes: true, dot: true } as never) as unknown as {
    parentPath: string;
    name: string;
    isFile(): boolean;
  }[]; // as asked for
  const there = files
    .filter((file) => file.isFile())
    .map((file) => path.relative(around, path.join(file.parentPath, file.name)));
  expect(there.filter((file) => !EVIDENCE.test(file.split(path.sep).join('/')))).toEqual([]);
  expect(there.length).toBeGreaterThan(0);
  expect(readdirSync(tmpdir()).filter((name) => name.includes('sealtrail-outside'))).toEqual([]);
  // Kept as what they are: names.
  const rows = await ctx.db.selectFrom('chains').select(['id', 'name']).where('id', 'in', kept).execute();
  expect(rows.map(({ name }) => name).toSorted()).toEqual(TRAVERSING.toSorted());
});

it('no file is read by a name in an address but those that are meant', async () => {
  const names = [
    '../../../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '/etc/passwd',
    '../package.json',
    'a.pem/../../package.json',
    'package.json',
    '..',
    '.env',
  ];
  const routes = globSync('app/**/route.ts', { cwd: ROOT }).filter((file) => /\[[^\]]+\]/.test(file));
  const read: unknown[] = [];
  let asked = 0;
  for (const route of routes) {
    const file = route.replace(/^app\//, '').replace(/\/route\.ts$/, '');
    const module = (await import(path.join(ROOT, route))) as Record<string, unknown>; // asked below
    if (typeof module['GET'] !== 'function') continue;
    for (const name of names) {
      const params = Object.fromEntries(
        Array.from(file.matchAll(/\[{1,2}(\.\.\.)?(\w+)\]{1,2}/g), ([, dots, param = '']) => [
          param,
          dots ? name.split('/') : name,
        ]),
      );
      const answer = await ask(file, { params });
      const text = await answer.text();
      asked += 1;
      if (/root:x?:0:0|"devDependencies"/.test(text) || answer.status >= 500) read.push([file, name, answer.status]);
    }
  }
  expect(read).toEqual([]);
  expect(asked).toBeGreaterThan(200);
  expect(/root:x?:0:0/.test(readFileSync('/etc/passwd', 'utf8'))).toBe(true);
});
