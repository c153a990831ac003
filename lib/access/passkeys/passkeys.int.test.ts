import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Authenticator } from '../../testing/authenticator';
import { signedIn, testPerson } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { type Actor, personActor } from '../actor';
import { personOf } from '../people';
import { beginApp } from '../second-factor/app';
import { keepPending } from '../second-factor/pending';
import { resetSecondFactor } from '../second-factor/reset';
import { signInWithCode } from '../second-factor/sign-in';
import { secondFactorOf } from '../second-factor/standing';
import { addPasskey, beginPasskey } from './register';
import { removePasskey } from './remove';
import { beginPasskeySignIn, signInWithPasskey } from './sign-in';

const PASSWORD = 'correct horse battery staple';
const ORIGIN = 'http://localhost:7325';
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
}, 120_000);
afterAll(() => installation.stop(), 60_000);
beforeEach(async () => {
  const { db } = installation.ctx;
  for (const table of ['session', 'account', 'user', 'passkeys', 'recovery_codes', 'sign_in_failures'] as const)
    await db.deleteFrom(table).execute();
});

const pairOf = (line: string) => line.split(';')[0] ?? '';
const headersOf = (cookie: string) => new Headers({ cookie });
const person = async (name: string) =>
  personActor(
    await testPerson(installation.ctx, {
      name,
      email: `${name}@example.org`,
      password: PASSWORD,
      role: 'administrator',
    }),
  );
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error), // an AppError has one
  );
const add = async (actor: Actor, authenticator: Authenticator, name = 'laptop') => {
  const { ctx } = installation;
  const { options, cookie } = await beginPasskey(ctx, { actor, password: PASSWORD });
  const response = authenticator.make(options.challenge);
  return addPasskey(ctx, { actor, name, response, headers: headersOf(pairOf(cookie)), sessionId: null });
};
const begin = async () => {
  const { options, cookie } = await beginPasskeySignIn(installation.ctx);
  return { challenge: options.challenge, headers: headersOf(pairOf(cookie)) };
};
const signIn = async (authenticator: Authenticator) => {
  const { challenge, headers } = await begin();
  const lines = await signInWithPasskey(installation.ctx, { headers, response: authenticator.answer(challenge) });
  return lines.map(pairOf).join('; ');
};
const nameOf = async (cookie: string) => (await personOf(installation.ctx, headersOf(cookie)))?.name ?? null;

it('a passkey signs in by itself; with it a password alone does not, and a recovery code beside it does', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const before = await signedIn(ctx, { email: 'ada@example.org', password: PASSWORD });
  const [laptop, key] = [new Authenticator(ORIGIN), new Authenticator(ORIGIN)];
  const { recoveryCodes } = await add(ada, laptop);
  expect([recoveryCodes?.length, await nameOf(before)]).toEqual([10, null]);
  expect((await add(ada, key, 'key')).recoveryCodes).toBeNull();
  for (const authenticator of [laptop, key]) expect(await nameOf(await signIn(authenticator))).toBe('ada');
  expect(await signedIn(ctx, { email: 'ada@example.org', password: PASSWORD })).toBe('');
  const headers = headersOf(pairOf(await keepPending(ctx, 'ada@example.org')));
  expect(await outcomeOf(signInWithCode(ctx, { headers, code: recoveryCodes?.[0] ?? '' }))).toBe('done');
  const { passkeys } = await secondFactorOf(ctx, ada.id);
  expect(passkeys.map(({ name, lastUsedAt }) => [name, lastUsedAt !== null])).toEqual([
    ['laptop', true],
    ['key', true],
  ]);
  const signIns = ctx.db.selectFrom('audit_log').select('details').where('action', '=', 'person.sign-in');
  expect((await signIns.where('actor_id', '=', ada.id).orderBy('id').execute()).map(({ details }) => details)).toEqual([
    {},
    { by: ['passkey'] },
    { by: ['passkey'] },
    { by: ['password', 'recovery-code'] },
  ]);
});

it('what another origin or relying party was answered, or nobody was verified for, registers and signs in nobody', async () => {
  const ada = await person('ada');
  const good = new Authenticator(ORIGIN);
  for (const [origin, rpId] of [
    ['http://127.0.0.1:7325', 'localhost'],
    ['http://localhost:7326', 'localhost'],
    ['https://localhost:7325', 'localhost'],
    ['http://localhost.example.org:7325', 'localhost'],
    [ORIGIN, 'example.org'],
  ] as const)
    expect([origin, rpId, await outcomeOf(add(ada, new Authenticator(origin, rpId)))]).toEqual([
      origin,
      rpId,
      'FORBIDDEN',
    ]);
  const unverified = new Authenticator(ORIGIN);
  unverified.isVerified = false;
  expect(await outcomeOf(add(ada, unverified))).toBe('FORBIDDEN');

  await add(ada, good);
  const told = async (change: Partial<Authenticator>) => {
    const kept = { origin: good.origin, rpId: good.rpId, isVerified: good.isVerified };
    Object.assign(good, change);
    const outcome = await outcomeOf(signIn(good));
    Object.assign(good, kept);
    return outcome;
  };
  expect(await told({ origin: 'https://evil.example.org' })).toBe('FORBIDDEN');
  expect(await told({ rpId: 'evil.example.org' })).toBe('FORBIDDEN');
  expect(await told({ isVerified: false })).toBe('FORBIDDEN');
  expect(await told({})).toBe('done');
});

it('what was signed signs in once, in the browser that was asked and for what it was asked', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const laptop = new Authenticator(ORIGIN);
  await add(ada, laptop);
  const { challenge, headers } = await begin();
  const response = laptop.answer(challenge);
  const elsewhere = (await begin()).headers;
  expect(await outcomeOf(signInWithPasskey(ctx, { headers: elsewhere, response }))).toBe('FORBIDDEN');
  expect(await outcomeOf(signInWithPasskey(ctx, { headers: new Headers(), response }))).toBe('FORBIDDEN');
  const outcomes = await Promise.all(
    Array.from({ length: 3 }, () => outcomeOf(signInWithPasskey(ctx, { headers, response }))),
  );
  expect(outcomes.toSorted()).toEqual(['FORBIDDEN', 'FORBIDDEN', 'done']);
  // Not because it counts: one that does not is no other.
  const still = new Authenticator(ORIGIN);
  await add(ada, still, 'does not count');
  const again = await begin();
  still.counter = -1;
  const uncounted = still.answer(again.challenge);
  const once = { headers: again.headers, response: uncounted };
  expect(await outcomeOf(signInWithPasskey(ctx, once))).toBe('done');
  expect(await outcomeOf(signInWithPasskey(ctx, once))).toBe('FORBIDDEN');
  // What is asked for to register signs in nobody.
  const registering = await beginPasskey(ctx, { actor: ada, password: PASSWORD });
  const wrong = signInWithPasskey(ctx, {
    headers: headersOf(pairOf(registering.cookie)),
    response: laptop.answer(registering.options.challenge),
  });
  expect(await outcomeOf(wrong)).toBe('FORBIDDEN');
});

it('an authenticator that was copied is refused from then on, and that is recorded and shown', async () => {
  const { ctx } = installation;
  const ada = await person('ada');
  const laptop = new Authenticator(ORIGIN);
  await add(ada, laptop);
  await signIn(laptop);
  await signIn(laptop);
  laptop.counter = 0;
  expect(await outcomeOf(signIn(laptop))).toBe('FORBIDDEN');
  laptop.counter = 100;
  expect(await outcomeOf(signIn(laptop))).toBe('FORBIDDEN');
  const [shown] = (await secondFactorOf(ctx, ada.id)).passkeys;
  expect(shown?.refusedAt).not.toBeNull();
  const row = await ctx.db
    .selectFrom('audit_log')
    .select('details')
    .where('action', '=', 'person.refuse-passkey')
    .where('subject_id', '=', ada.id)
    .executeTakeFirstOrThrow();
  expect(row.details).toEqual({ passkeyId: shown?.id, counter: 1, counterBefore: 2 });
});

it('somebody who is disabled, or whose second factor was taken away, is let in by none of theirs', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada'), await person('ben')];
  const laptop = new Authenticator(ORIGIN);
  await add(ben, laptop);
  const isDisabled = (banned: boolean) => ctx.db.updateTable('user').set({ banned }).where('id', '=', ben.id).execute();
  await isDisabled(true);
  expect(await outcomeOf(signIn(laptop))).toBe('FORBIDDEN');
  await isDisabled(false);
  expect(await outcomeOf(signIn(laptop))).toBe('done');
  await resetSecondFactor(ctx, { personId: ben.id, actor: ada });
  expect(await outcomeOf(signIn(laptop))).toBe('FORBIDDEN');
});

it('passkeys are registered and removed with the password, the last second factor with a recovery code, and by nobody else', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada'), await person('ben')];
  expect(await outcomeOf(beginPasskey(ctx, { actor: ada, password: 'not the password' }))).toBe('FORBIDDEN');
  const [laptop, key] = [new Authenticator(ORIGIN), new Authenticator(ORIGIN)];
  const { passkeyId, recoveryCodes } = await add(ada, laptop);
  const other = await add(ada, key, 'key');
  expect(await outcomeOf(add(ada, laptop))).toBe('CONFLICT');
  await add(ben, new Authenticator(ORIGIN));
  await add(ben, new Authenticator(ORIGIN), 'another');
  const remove = (actor: Actor, id: string, code?: string, password = PASSWORD) =>
    outcomeOf(removePasskey(ctx, { actor, passkeyId: id, password, code }));
  expect(await remove(ben, passkeyId)).toBe('NOT_FOUND');
  expect(await remove(ada, passkeyId, undefined, 'not the password')).toBe('FORBIDDEN');
  expect(await remove(ada, passkeyId)).toBe('done');
  expect(await outcomeOf(signIn(laptop))).toBe('FORBIDDEN');
  expect(await remove(ada, other.passkeyId)).toBe('FORBIDDEN');
  expect(await remove(ada, other.passkeyId, recoveryCodes?.[3] ?? '')).toBe('done');
  expect(await nameOf(await signedIn(ctx, { email: 'ada@example.org', password: PASSWORD }))).toBe('ada');
  expect((await secondFactorOf(ctx, ada.id)).recoveryCodesLeft).toBe(0);
  // An app that is only begun is no second factor.
  await beginApp(ctx, { actor: ada, password: PASSWORD });
  expect(await nameOf(await signedIn(ctx, { email: 'ada@example.org', password: PASSWORD }))).toBe('ada');
});

vi.setConfig({ testTimeout: 60_000 });
