import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Kysely } from 'kysely';
import { up as giveRoles } from '../db/migrations/0068-roles';
import type { Role } from '../schemas/roles';
import { signedIn, testPerson } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { type Actor, personActor, systemActor } from './actor';
import { changePerson, createPasswordLink } from './change-person';
import { createInvitation, listInvitations, revokeInvitation } from './invitations';
import { linkOf } from './links';
import { listPeople, personOf } from './people';
import { redeemLink } from './redeem-link';
import { endSessions, listSessions } from './sessions';
import { createToken, verifyToken } from './tokens';

const PASSWORD = 'correct horse battery staple';
const ADMIN = systemActor('a test');
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
}, 120_000);
afterAll(() => installation.stop(), 60_000);
beforeEach(async () => {
  const { db } = installation.ctx;
  for (const table of ['session', 'apikey', 'access_links', 'user'] as const) await db.deleteFrom(table).execute();
});

const person = (name: string, role: Role) =>
  testPerson(installation.ctx, { name, email: `${name}@example.org`, password: PASSWORD, role });
const cookieOf = async (email: string, password = PASSWORD) => ({
  cookie: await signedIn(installation.ctx, { email, password }),
});
const isSignedIn = async (headers: Record<string, string>) =>
  (await personOf(installation.ctx, new Headers(headers))) !== null;
const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error), // an AppError has one
  );
const standing = async () =>
  (await listPeople(installation.ctx)).map(({ name, role, isDisabled }) => [name, role, isDisabled]);

it('whoever could sign in before there were roles is an administrator', async () => {
  const { id } = await person('ada', 'auditor');
  const { db } = installation.ctx;
  for (const role of ['user', null, 'admin']) {
    await db.updateTable('user').set({ role }).where('id', '=', id).execute();
    expect(await standing()).toEqual([['ada', 'auditor', false]]);
    await giveRoles(db as unknown as Kysely<unknown>); // as a migration is given it
    expect(await standing()).toEqual([['ada', 'administrator', false]]);
  }
});

it('an invitation makes one person of its role and address, once', async () => {
  const { ctx } = installation;
  const { url, id } = await createInvitation(ctx, { email: 'Olu@Example.org', role: 'auditor', actor: ADMIN });
  const token = tokenIn(url);
  const kept = await ctx.db.selectFrom('access_links').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(await linkOf(ctx, token)).toEqual({ kind: 'invitation', email: 'olu@example.org', role: 'auditor' });
  // What is refused for its name or password uses nothing up.
  expect(await codeOf(redeemLink(ctx, { token, password: PASSWORD }))).toBe('BAD_REQUEST');
  expect(await codeOf(redeemLink(ctx, { token, name: 'Olu', password: 'olu@example.org olu' }))).toBe('BAD_REQUEST');
  const all = await Promise.all(
    Array.from({ length: 8 }, () => codeOf(redeemLink(ctx, { token, name: 'Olu', password: PASSWORD }))),
  );
  expect(all.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'FORBIDDEN'), 'done']);
  expect(await codeOf(redeemLink(ctx, { token, name: 'Eve', password: PASSWORD }))).toBe('FORBIDDEN');
  expect(await standing()).toEqual([['Olu', 'auditor', false]]);
  expect(await isSignedIn(await cookieOf('olu@example.org'))).toBe(true);
  expect(await codeOf(createInvitation(ctx, { email: 'OLU@example.org', role: 'administrator', actor: ADMIN }))).toBe(
    'CONFLICT',
  );
});

it('a link that has expired, was altered, was taken back or was made anew is refused', async () => {
  const { ctx } = installation;
  const make = () => createInvitation(ctx, { email: 'olu@example.org', role: 'auditor', actor: ADMIN });
  const use = (token: string) => codeOf(redeemLink(ctx, { token, name: 'Olu', password: PASSWORD }));
  const altered = tokenIn((await make()).url);
  for (const other of [`${altered}A`, altered.slice(1), altered.toUpperCase(), '', `${altered} `])
    expect([other, await use(other)]).toEqual([other, 'FORBIDDEN']);

  const again = await make();
  expect(await use(altered)).toBe('FORBIDDEN');
  const late = vi.spyOn(ctx, 'now').mockReturnValue(new Date(again.expiresAt.getTime()));
  expect(await use(tokenIn(again.url))).toBe('FORBIDDEN');
  expect(await listInvitations(ctx)).toEqual([]);
  late.mockRestore();

  expect((await listInvitations(ctx)).map(({ id }) => id)).toEqual([again.id]);
  await revokeInvitation(ctx, { invitationId: again.id, actor: ADMIN });
  expect(await use(tokenIn(again.url))).toBe('FORBIDDEN');
  expect(await codeOf(revokeInvitation(ctx, { invitationId: again.id, actor: ADMIN }))).toBe('NOT_FOUND');
  expect(await standing()).toEqual([]);
});

it('one who is disabled is out at once, by session, sign-in, token and link, and in again when enabled', async () => {
  const { ctx } = installation;
  const ada = await person('ada', 'administrator');
  const ben = await person('ben', 'analyst');
  const actor = personActor(ada);
  const session = await cookieOf(ben.email);
  const { token } = await createToken(ctx, { name: 'ci', scopes: ['ingest'], actor: personActor(ben) });
  const link = tokenIn((await createPasswordLink(ctx, { personId: ben.id, actor })).url);
  expect([await isSignedIn(session), await verifyToken(ctx, token)]).toEqual([
    true,
    expect.objectContaining({ role: 'analyst' }),
  ]);
  await changePerson(ctx, { personId: ben.id, isDisabled: true, actor });
  expect([await isSignedIn(session), await verifyToken(ctx, token)]).toEqual([false, null]);
  await expect(cookieOf(ben.email)).resolves.toEqual({ cookie: '' });
  expect(await codeOf(redeemLink(ctx, { token: link, password: 'a quite other sentence' }))).toBe('FORBIDDEN');
  expect(await codeOf(createPasswordLink(ctx, { personId: ben.id, actor }))).toBe('CONFLICT');
  expect(await standing()).toEqual([
    ['ada', 'administrator', false],
    ['ben', 'analyst', true],
  ]);
  await changePerson(ctx, { personId: ben.id, isDisabled: false, actor });
  expect(await isSignedIn(session)).toBe(false);
  expect(await isSignedIn(await cookieOf(ben.email))).toBe(true);
  expect(await verifyToken(ctx, token)).toMatchObject({ role: 'analyst' });
});

it('the last administrator who can sign in is neither demoted nor disabled, nor two by each other at once', async () => {
  const { ctx } = installation;
  const ada = await person('ada', 'administrator');
  const without = [{ role: 'analyst' }, { role: 'auditor' }, { isDisabled: true }] as const;
  for (const change of without)
    expect(await codeOf(changePerson(ctx, { personId: ada.id, ...change, actor: personActor(ada) }))).toBe('CONFLICT');
  const bob = await person('bob', 'administrator');
  for (const change of without)
    for (let round = 0; round < 4; round += 1) {
      const both: [string, Actor][] = [
        [ada.id, personActor(bob)],
        [bob.id, personActor(ada)],
      ];
      const ended = await Promise.all(
        both.map(([personId, actor]) => codeOf(changePerson(ctx, { personId, ...change, actor }))),
      );
      expect(ended.toSorted()).toEqual(['CONFLICT', 'done']);
      for (const { id: personId } of [ada, bob])
        await changePerson(ctx, { personId, role: 'administrator', isDisabled: false, actor: ADMIN });
    }
  // One who is disabled is no administrator who is left.
  await changePerson(ctx, { personId: bob.id, isDisabled: true, actor: ADMIN });
  expect(await codeOf(changePerson(ctx, { personId: ada.id, role: 'auditor', actor: ADMIN }))).toBe('CONFLICT');
});

it('links that somebody made end when they are no administrator any more', async () => {
  const { ctx } = installation;
  const [ada, bob] = [await person('ada', 'administrator'), await person('bob', 'administrator')];
  const made = async (by: typeof ada, email: string) =>
    tokenIn((await createInvitation(ctx, { email, role: 'administrator', actor: personActor(by) })).url);
  for (const change of [{ role: 'auditor' }, { isDisabled: true }] as const) {
    const [theirs, others] = [await made(bob, 'eve@example.org'), await made(ada, 'uma@example.org')];
    await changePerson(ctx, { personId: bob.id, ...change, actor: personActor(ada) });
    expect([await linkOf(ctx, theirs), await linkOf(ctx, others)]).toEqual([null, expect.anything()]);
    await changePerson(ctx, { personId: bob.id, role: 'administrator', isDisabled: false, actor: ADMIN });
  }
});

it('a link for a new password works once, and ends every session', async () => {
  const { ctx } = installation;
  const ada = await person('ada', 'administrator');
  const session = await cookieOf(ada.email);
  const token = tokenIn((await createPasswordLink(ctx, { personId: ada.id, actor: ADMIN })).url);
  expect(await isSignedIn(session)).toBe(true);
  await redeemLink(ctx, { token, password: 'a quite other sentence' });
  expect(await isSignedIn(session)).toBe(false);
  expect(await isSignedIn(await cookieOf(ada.email))).toBe(false);
  expect(await isSignedIn(await cookieOf(ada.email, 'a quite other sentence'))).toBe(true);
  expect(await codeOf(redeemLink(ctx, { token, password: 'one more other sentence' }))).toBe('FORBIDDEN');
  expect(await standing()).toEqual([['ada', 'administrator', false]]);
});

it('sessions are listed and ended by whose they are, and say when they were used last', async () => {
  const { ctx } = installation;
  const [ada, ben] = [await person('ada', 'administrator'), await person('ben', 'auditor')];
  const [here, there, his] = [await cookieOf(ada.email), await cookieOf(ada.email), await cookieOf(ben.email)];
  const listed = (headers: Record<string, string>, personId: string) =>
    listSessions(ctx, { personId, headers: new Headers(headers) });
  const mine = await listed(here, ada.id);
  expect(mine.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);
  const other = mine.find(({ isThis }) => !isThis)?.id ?? '';
  const [bens] = await listed(his, ben.id);
  expect(await codeOf(endSessions(ctx, { personId: ada.id, sessionId: bens?.id ?? '', actor: ADMIN }))).toBe(
    'NOT_FOUND',
  );
  await endSessions(ctx, { personId: ada.id, sessionId: other, actor: ADMIN });
  expect([await isSignedIn(here), await isSignedIn(there), await isSignedIn(his)]).toEqual([true, false, true]);

  const before = new Date(Date.now() - 3_600_000);
  await ctx.db.updateTable('session').set({ updatedAt: before }).execute();
  await isSignedIn(here);
  const [used] = await listed(here, ada.id);
  expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(before.getTime() + 3_000_000);
  expect((await listed(his, ben.id))[0]?.lastUsedAt).toBe(before.toISOString());
  expect(await endSessions(ctx, { personId: ben.id, actor: ADMIN })).toEqual({ ended: 1 });
  expect(await isSignedIn(his)).toBe(false);
});

it('people say when they signed in last', async () => {
  const ada = await person('ada', 'administrator');
  expect((await listPeople(installation.ctx))[0]?.lastSignInAt).toBeNull();
  await cookieOf(ada.email);
  const at = Date.parse((await listPeople(installation.ctx))[0]?.lastSignInAt ?? '');
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
});
