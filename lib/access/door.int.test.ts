import { afterAll, beforeAll, expect, it } from 'vitest';
import { testAdmin } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { personActor } from './actor';
import { answerBrowser } from './answer';
import { personOf } from './people';
import { createToken, listTokens, verifyToken } from './tokens';

const PASSWORD = 'correct horse battery staple';
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  for (const name of ['ada', 'bob'])
    await testAdmin(installation.ctx, { name, email: `${name}@example.org`, password: PASSWORD });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const post = async (path: string, body: object, cookie = '') => {
  const answer = await answerBrowser(
    installation.ctx,
    new Request(`${installation.ctx.env.publicUrl}/api/auth${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: installation.ctx.env.publicUrl,
        ...(cookie && { cookie }),
      },
      body: JSON.stringify(body),
    }),
  );
  if (!answer) throw new Error(`${path} is answered by nobody`);
  return answer;
};
const signIn = (email: string, password = PASSWORD) => post('/sign-in/email', { email, password });
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
const isSignedIn = async (cookie: string) => (await personOf(installation.ctx, new Headers({ cookie }))) !== null;

it('thirty failures close an account for a while, and no other one', async () => {
  for (let tries = 0; tries < 30; tries += 1)
    expect((await signIn('bob@example.org', `wrong ${tries}`)).status).toBe(401);
  const refused = await signIn('bob@example.org');
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect((await signIn('BOB@example.org')).status).toBe(429);
  expect((await signIn('ada@example.org')).status).toBe(200);
  await installation.ctx.db
    .updateTable('sign_in_failures')
    .set({ failed_at: new Date(Date.now() - 3_600_000) })
    .execute();
  expect((await signIn('bob@example.org')).status).toBe(200);
  expect(await installation.ctx.db.selectFrom('sign_in_failures').selectAll().execute()).toEqual([]);
});

it('a changed password ends every other session, and is held against the rules', async () => {
  const [here, there] = [cookieOf(await signIn('ada@example.org')), cookieOf(await signIn('ada@example.org'))];
  const change = (newPassword: string, currentPassword = PASSWORD) =>
    post('/change-password', { currentPassword, newPassword }, here);
  expect((await change('ada@example.org ada')).status).toBe(400);
  expect((await change('too short')).status).toBe(400);
  expect(await (await change('1qaz2wsx3edc4rfv')).json()).toMatchObject({
    message: expect.stringContaining('tried first'),
  });
  expect((await change('a quite other sentence', 'not the old one')).status).toBe(400);
  const changed = await change('a quite other sentence');
  expect(changed.status).toBe(200);
  expect(await isSignedIn(there)).toBe(false);
  expect(await isSignedIn(cookieOf(changed))).toBe(true);
  expect((await signIn('ada@example.org')).status).toBe(401);
  expect((await signIn('ada@example.org', 'a quite other sentence')).status).toBe(200);
});

it('a token names its maker, and is not taken once it has expired', async () => {
  const { ctx } = installation;
  const { id: personId } = await ctx.db
    .selectFrom('user')
    .select('id')
    .where('email', '=', 'ada@example.org')
    .executeTakeFirstOrThrow();
  const made = await createToken(ctx, {
    name: 'x'.repeat(80),
    scopes: ['read'],
    expiresInDays: 30,
    actor: personActor({ id: personId, email: 'ada@example.org', role: 'administrator' }),
  });
  expect(await verifyToken(ctx, made.token)).toMatchObject({ id: made.id, scopes: ['read'] });
  expect(await listTokens(ctx)).toMatchObject([{ createdBy: 'ada@example.org', expiresAt: made.expiresAt }]);
  await ctx.db
    .updateTable('apikey')
    .set({ expiresAt: new Date(Date.now() - 1000) })
    .execute();
  expect(await verifyToken(ctx, made.token)).toBeNull();
});
