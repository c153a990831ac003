import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createOTP } from '@better-auth/utils/otp';
import { base32 } from '@better-auth/utils/base32';
import { testPerson } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { type Actor, personActor, systemActor } from '../actor';
import { answerBrowser } from '../answer';
import { createPasswordLink } from '../change-person';
import { personOf } from '../people';
import { redeemLink } from '../redeem-link';
import { beginApp, confirmApp, removeApp, renewRecoveryCodes } from './app';
import { setAccessPolicy } from './policy';
import { resetSecondFactor } from './reset';
import { signInWithCode } from './sign-in';
import { secondFactorOf } from './standing';

const PASSWORD = 'correct horse battery staple';
const STEP_MS = 30_000;
const SHA256 = expect.stringMatching(/^[0-9a-f]{64}$/);
let installation: TestInstallation;
let nowMs = Date.parse('2027-01-01T00:00:10Z');
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  Object.assign(installation.ctx, { now: () => new Date(nowMs) });
}, 120_000);
afterAll(() => installation.stop(), 60_000);
beforeEach(async () => {
  const { db } = installation.ctx;
  for (const table of [
    'session',
    'account',
    'user',
    'totp_secrets',
    'recovery_codes',
    'access_policy',
    'sign_in_failures',
  ] as const)
    await db.deleteFrom(table).execute();
  nowMs += 100 * STEP_MS;
});

const cookieOf = (lines: readonly string[]) =>
  lines
    .map((line) => line.split(';')[0])
    .filter((pair) => !pair?.endsWith('='))
    .join('; ');
const person = async (name: string) => {
  const made = await testPerson(installation.ctx, {
    name,
    email: `${name}@example.org`,
    password: PASSWORD,
    role: 'administrator',
  });
  return personActor(made);
};
const typePassword = async (email: string, password = PASSWORD) => {
  const { ctx } = installation;
  const answer = await answerBrowser(
    ctx,
    new Request(`${ctx.env.publicUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ctx.env.publicUrl },
      body: JSON.stringify({ email, password }),
    }),
  );
  if (!answer) throw new Error('nobody answers');
  return { status: answer.status, body: await answer.json(), cookie: cookieOf(answer.headers.getSetCookie()) };
};
const headersOf = (cookie: string) => new Headers({ cookie });
const nameOf = async (cookie: string) => (await personOf(installation.ctx, headersOf(cookie)))?.name ?? null;
const codeAt = (secret: string, steps = 0) =>
  createOTP(new TextDecoder().decode(base32.decode(secret))).hotp(Math.floor(nowMs / STEP_MS) + steps);
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error), // an AppError has one
  );
/** With an app set up, one step ago. */
const withApp = async (actor: Actor) => {
  const { ctx } = installation;
  const { secret } = await beginApp(ctx, { actor, password: PASSWORD });
  const { recoveryCodes } = await confirmApp(ctx, { actor, code: await codeAt(secret), sessionId: null });
  nowMs += 2 * STEP_MS;
  return { secret, recoveryCodes };
};
const finish = (cookie: string, code: string) =>
  signInWithCode(installation.ctx, { headers: headersOf(cookie), code }).then(cookieOf);
const actionsOf = async (id: string) =>
  (
    await installation.ctx.db
      .selectFrom('audit_log')
      .select(['action', 'details'])
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
  ).map(({ action, details }) => [action, details]);

it('a password alone makes no session for somebody with an app, a code of it does, and each is recorded', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const before = await typePassword('ada@example.org');
  expect([before.status, await nameOf(before.cookie)]).toEqual([200, 'ada']);
  const { secret } = await withApp(ada);
  // Sessions from before had one factor.
  expect(await nameOf(before.cookie)).toBeNull();

  const begun = await typePassword('ada@example.org');
  expect([begun.status, begun.body, await nameOf(begun.cookie)]).toEqual([200, { secondFactor: true }, null]);
  expect(await ctx.db.selectFrom('session').selectAll().execute()).toEqual([]);
  expect(await outcomeOf(finish('', await codeAt(secret)))).toBe('UNAUTHENTICATED');
  expect(await nameOf(await finish(begun.cookie, await codeAt(secret)))).toBe('ada');
  expect(await actionsOf(ada.id)).toEqual([
    ['person.create', { role: 'administrator', keptSha256: SHA256 }],
    ['person.sign-in', {}],
    [
      'person.add-second-factor',
      { kind: 'app', sealedSha256: SHA256, codesSha256: SHA256, confirmedAt: expect.any(String) },
    ],
    ['person.sign-in', { by: ['password', 'code'] }],
  ]);
});

it('a code is taken of one step either way, once, and none of a step before it', async () => {
  const ada = await person('ada');
  const { secret } = await withApp(ada);
  const begun = await typePassword('ada@example.org');
  const used = await codeAt(secret, 1);
  for (const [steps, is] of [
    [-2, 'FORBIDDEN'],
    [2, 'FORBIDDEN'],
    [-1, 'done'],
    [-1, 'FORBIDDEN'],
    [1, 'done'],
    [0, 'FORBIDDEN'],
    [1, 'FORBIDDEN'],
  ] as const)
    expect([steps, await outcomeOf(finish(begun.cookie, await codeAt(secret, steps)))]).toEqual([steps, is]);
  // The next step, where the clock of the app is behind: its code was used.
  nowMs += STEP_MS;
  await installation.ctx.db.deleteFrom('sign_in_failures').execute();
  expect(await outcomeOf(finish(begun.cookie, used))).toBe('FORBIDDEN');
  expect(await outcomeOf(finish(begun.cookie, await codeAt(secret, 1)))).toBe('done');
});

it('of a code that is used by many at once one signs in', async () => {
  const ada = await person('ada');
  const { secret } = await withApp(ada);
  const begun = await typePassword('ada@example.org');
  const code = await codeAt(secret);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => outcomeOf(finish(begun.cookie, code))));
  expect(outcomes.toSorted()).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'done']);
});

it('each recovery code signs in once, however it is typed', async () => {
  const ada = await person('ada');
  const { recoveryCodes } = await withApp(ada);
  expect(recoveryCodes).toHaveLength(10);
  const begun = await typePassword('ada@example.org');
  const [first = '', second = ''] = recoveryCodes;
  expect(await outcomeOf(finish(begun.cookie, first))).toBe('done');
  expect(await outcomeOf(finish(begun.cookie, first))).toBe('FORBIDDEN');
  expect(await outcomeOf(finish(begun.cookie, ` ${second.replaceAll('-', '').toUpperCase()} `))).toBe('done');
  expect((await secondFactorOf(installation.ctx, ada.id)).recoveryCodesLeft).toBe(8);
});

it('five wrong codes close the account for a while, at once and in whatever way, and no other one', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada'), await person('ben')];
  const [{ secret, recoveryCodes }, { secret: bens }] = [await withApp(ada), await withApp(ben)];
  const begun = await typePassword('ada@example.org');
  const wrong = ['000000', '111111', 'aaaa-bbbb-cccc-dddd', '', '22', '333333', '444444', '555555'];
  const outcomes = await Promise.all(wrong.map((code) => outcomeOf(finish(begun.cookie, code))));
  expect(outcomes.toSorted()).toEqual([...Array(3).fill('BUSY'), ...Array(5).fill('FORBIDDEN')]);
  for (const code of [await codeAt(secret), recoveryCodes[0] ?? ''])
    expect(await outcomeOf(finish(begun.cookie, code))).toBe('BUSY');
  const off = removeApp(ctx, { actor: ada, password: PASSWORD, code: await codeAt(secret) });
  expect(await outcomeOf(off)).toBe('BUSY');
  const other = await typePassword('ben@example.org');
  expect(await outcomeOf(finish(other.cookie, await codeAt(bens)))).toBe('done');
  nowMs += 16 * 60_000;
  const again = await typePassword('ada@example.org');
  expect(await outcomeOf(finish(again.cookie, await codeAt(secret)))).toBe('done');
});

it('what a password began ends after ten minutes, with another password, and for one who is disabled', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const { secret } = await withApp(ada);
  const late = await typePassword('ada@example.org');
  nowMs += 10 * 60_000;
  expect(await outcomeOf(finish(late.cookie, await codeAt(secret)))).toBe('UNAUTHENTICATED');

  const begun = await typePassword('ada@example.org');
  const { url } = await createPasswordLink(ctx, { personId: ada.id, actor: systemActor('a test') });
  const token = new URL(url).searchParams.get('token') ?? '';
  await redeemLink(ctx, { token, password: 'a quite other sentence' });
  expect(await outcomeOf(finish(begun.cookie, await codeAt(secret)))).toBe('UNAUTHENTICATED');

  const other = await typePassword('ada@example.org', 'a quite other sentence');
  expect(other.body).toEqual({ secondFactor: true });
  await ctx.db.updateTable('user').set({ banned: true }).execute();
  expect(await outcomeOf(finish(other.cookie, await codeAt(secret)))).toBe('UNAUTHENTICATED');
});

it('the table holds no secret and no code that could be read', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const { secret, recoveryCodes } = await withApp(ada);
  const raw = new TextDecoder().decode(base32.decode(secret));
  const tables = JSON.stringify([
    await ctx.db.selectFrom('totp_secrets').selectAll().execute(),
    await ctx.db.selectFrom('recovery_codes').selectAll().execute(),
    await ctx.db.selectFrom('audit_log').selectAll().execute(),
  ]);
  const forms = [raw, secret, Buffer.from(raw).toString('hex'), Buffer.from(raw).toString('base64'), ...recoveryCodes];
  expect(forms.filter((form) => tables.toLowerCase().includes(form.toLowerCase()))).toEqual([]);
  // Moved to somebody else it opens nothing.
  const ben = await person('ben');
  const [row] = await ctx.db.selectFrom('totp_secrets').selectAll().execute();
  if (!row) throw new Error('there is no secret');
  await ctx.db
    .insertInto('totp_secrets')
    .values({ ...row, person_id: ben.id })
    .execute();
  const begun = await typePassword('ben@example.org');
  expect(await outcomeOf(finish(begun.cookie, await codeAt(secret)))).toBe('FORBIDDEN');
});

it('turning off, and new recovery codes, take the password and a code; what was there is good no more', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const { secret, recoveryCodes } = await withApp(ada);
  const off = (password: string, code: string) => outcomeOf(removeApp(ctx, { actor: ada, password, code }));
  expect(await off('not the password', await codeAt(secret))).toBe('FORBIDDEN');
  expect(await off(PASSWORD, '000000')).toBe('FORBIDDEN');
  const renewed = await renewRecoveryCodes(ctx, { actor: ada, password: PASSWORD, code: await codeAt(secret) });
  const begun = await typePassword('ada@example.org');
  expect(await outcomeOf(finish(begun.cookie, recoveryCodes[0] ?? ''))).toBe('FORBIDDEN');
  expect(await outcomeOf(finish(begun.cookie, renewed.recoveryCodes[0] ?? ''))).toBe('done');
  expect(await outcomeOf(beginApp(ctx, { actor: ada, password: PASSWORD }))).toBe('CONFLICT');
  nowMs += STEP_MS;
  expect(await off(PASSWORD, await codeAt(secret))).toBe('done');
  expect(await nameOf((await typePassword('ada@example.org')).cookie)).toBe('ada');
  expect((await actionsOf(ada.id)).map(([action]) => action)).toContain('person.remove-second-factor');
});

it('where everybody has to have one, who has none may do nothing else, and it is not turned off', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada'), await person('ben')];
  const require = (actor: Actor, requiresSecondFactor: boolean) =>
    setAccessPolicy(ctx, { requiresSecondFactor, actor });
  expect(await outcomeOf(require(ada, true))).toBe('CONFLICT');
  const { secret } = await withApp(ada);
  const bens = await typePassword('ben@example.org');
  const mustEnrol = async () => (await personOf(ctx, headersOf(bens.cookie)))?.mustEnrol;
  expect(await mustEnrol()).toBe(false);
  await require(ada, true);
  expect(await mustEnrol()).toBe(true);
  const off = removeApp(ctx, { actor: ada, password: PASSWORD, code: await codeAt(secret) });
  expect(await outcomeOf(off)).toBe('CONFLICT');
  const begun = await beginApp(ctx, { actor: ben, password: PASSWORD });
  const { sessionId = null } = (await personOf(ctx, headersOf(bens.cookie))) ?? {};
  await confirmApp(ctx, { actor: ben, code: await codeAt(begun.secret), sessionId });
  expect(await mustEnrol()).toBe(false);
  await require(ada, false);
  expect((await actionsOf('second-factor')).map(([, details]) => details)).toEqual([
    { requiresSecondFactor: true },
    { requiresSecondFactor: false },
  ]);
});

it('an administrator takes the second factor of somebody else away, who is signed out and told', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada'), await person('ben')];
  const { secret } = await withApp(ben);
  const begun = await typePassword('ben@example.org');
  const session = await finish(begun.cookie, await codeAt(secret));
  const reset = (personId: string) => outcomeOf(resetSecondFactor(ctx, { personId, actor: ada }));
  expect(await reset(ada.id)).toBe('CONFLICT');
  expect(await reset('nobody')).toBe('NOT_FOUND');
  expect(await reset(ben.id)).toBe('done');
  expect(await reset(ben.id)).toBe('CONFLICT');
  expect(await nameOf(session)).toBeNull();
  expect(await outcomeOf(finish(begun.cookie, await codeAt(secret, 1)))).toBe('UNAUTHENTICATED');
  expect((await secondFactorOf(ctx, ben.id)).reset?.by).toBe('ada@example.org');
  expect(await nameOf((await typePassword('ben@example.org')).cookie)).toBe('ben');
});

vi.setConfig({ testTimeout: 60_000 });
