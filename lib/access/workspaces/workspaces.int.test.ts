import { createOTP } from '@better-auth/utils/otp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { contextOf, openWorkspace } from '../../compose';
import type { Context } from '../../context';
import { unsealText } from '../../crypto/seal';
import type { Drift } from '../../fsck/drift';
import { fsck } from '../../fsck/fsck';
import { signedIn, testAdmin, testPerson } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { type Actor, personActor } from '../actor';
import { changePerson, createPasswordLink } from '../change-person';
import { createInvitation } from '../invitations';
import { linkOf } from '../links';
import { listPeople, personOf } from '../people';
import { redeemLink } from '../redeem-link';
import { beginApp, confirmApp } from '../second-factor/app';
import { resetSecondFactor } from '../second-factor/reset';
import { sealedFor } from '../second-factor/sealed-for';
import { endSessions } from '../sessions';
import { createToken, verifyToken } from '../tokens';
import { acceptInvitation } from './accept-invitation';
import { createWorkspace } from './create-workspace';
import { workspaceOfLink } from './credential';
import { switchWorkspaceOf } from './switch-workspace';

const PASSWORD = 'correct horse battery staple';

let installation: TestInstallation;
let a: Context;
let b: Context;
let ada: Actor;
let adaInB: Actor;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  a = installation.ctx;
  ada = personActor(await testAdmin(a, { name: 'Ada', email: 'ada@example.org', password: PASSWORD }));
  await make('team-b');
  b = await contextOf(a, 'team-b');
  adaInB = { ...ada, workspaceId: 'team-b' };
}, 120_000);
afterAll(() => installation?.stop());

const make = (id: string) => createWorkspace(a, { id, name: id, actor: ada, prepare: () => openWorkspace(a, id) });
const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';
const memberOf = async (ctx: Context, email: string) =>
  (await listPeople(ctx)).find((person) => person.email === email) ?? null;
const standing = async (email: string) => {
  const person = await personOf(a, new Headers({ cookie: await signedIn(a, { email, password: PASSWORD }) }));
  return person && [person.workspaceId, person.role, person.workspaces.map(({ id }) => id)];
};

describe('a workspace', () => {
  it('names nothing of another: its connections see its own schema alone', async () => {
    const { rows } = await sql<{ schema: string; path: string }>`
      SELECT current_schema() AS schema, current_setting('search_path') AS path`.execute(b.db);
    expect(rows).toEqual([{ schema: 'ws_team_b', path: 'ws_team_b' }]);
    for (const table of ['workspaces', 'setup_links'])
      await expect(sql`SELECT FROM ${sql.table(table)}`.execute(b.db)).rejects.toThrow('does not exist');
  });

  it('has an id that is taken once, and no other than letters, digits and hyphens', async () => {
    await expect(make('team-b')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(make('default')).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const id of ['', 'A', '-a', 'a_b', 'a"b', 'a'.repeat(33), 'public; DROP'])
      await expect(make(id)).rejects.toThrow();
    await expect(contextOf(a, 'nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has tokens of its own, which say where they are looked for', async () => {
    const { token } = await createToken(b, { name: 't', scopes: ['read'], actor: adaInB });
    expect(token).toMatch(/^st_team-b_/);
    expect(await verifyToken(a, token)).toBeNull();
    expect(await verifyToken(b, token)).toMatchObject({ name: 't', role: 'administrator' });
    // The same secret said to be of another opens nothing.
    expect(await verifyToken(a, token.replace('team-b_', ''))).toBeNull();
    const { token: ofFirst } = await createToken(a, { name: 't', scopes: ['read'], actor: ada });
    expect(ofFirst).toMatch(/^st_[A-Za-z]{40}$/);
    expect(await verifyToken(b, ofFirst)).toBeNull();
    expect(await verifyToken(b, ofFirst.replace('st_', 'st_team-b_'))).toBeNull();
  });
});

describe('members', () => {
  it('are those who made it or were invited, each with the role they have there', async () => {
    expect(await listPeople(b)).toMatchObject([{ email: 'ada@example.org', role: 'administrator' }]);
    const link = tokenIn((await createInvitation(b, { email: 'bea@example.org', role: 'analyst', actor: adaInB })).url);
    expect(workspaceOfLink(link)).toBe('team-b');
    expect(await linkOf(a, link)).toBeNull();
    await redeemLink(b, { token: link, name: 'Bea', password: PASSWORD, installation: a });
    expect(await memberOf(b, 'bea@example.org')).toMatchObject({ role: 'analyst' });
    expect(await memberOf(a, 'bea@example.org')).toBeNull();
    expect(await memberOf(b, 'bea@example.org')).toMatchObject({ lastSignInAt: null });
    await testPerson(a, { name: 'Eve', email: 'eve@example.org', password: PASSWORD, role: 'auditor' });
    expect(await standing('bea@example.org')).toEqual(['team-b', 'analyst', ['team-b']]);
    expect(await memberOf(b, 'bea@example.org')).toMatchObject({ lastSignInAt: expect.any(String) });
    expect(await memberOf(b, 'eve@example.org')).toBeNull();
  });

  it('who has an account comes in with it, by a link to their own address alone', async () => {
    const carl = await testPerson(a, { name: 'Carl', email: 'carl@example.org', password: PASSWORD, role: 'auditor' });
    const token = tokenIn((await createInvitation(b, { email: carl.email, role: 'analyst', actor: adaInB })).url);
    await expect(redeemLink(b, { token, name: 'Carl', password: PASSWORD, installation: a })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(
      acceptInvitation(b, { token, person: { id: ada.id, email: 'ada@example.org' } }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await acceptInvitation(b, { token, person: carl });
    await expect(acceptInvitation(b, { token, person: carl })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await standing(carl.email)).toEqual(['default', 'auditor', ['default', 'team-b']]);
    const headers = new Headers({ cookie: await signedIn(a, { email: carl.email, password: PASSWORD }) });
    await switchWorkspaceOf(a, { headers, workspaceId: 'team-b' });
    expect(await personOf(a, headers)).toMatchObject({ workspaceId: 'team-b', role: 'analyst' });
    expect(await standing(carl.email)).toMatchObject(['default', 'auditor', {}]);
    await expect(switchWorkspaceOf(a, { headers, workspaceId: 'team-c' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('an administrator of a further workspace does nothing to the account of who is in another one too', async () => {
    const carl = await memberOf(b, 'carl@example.org');
    const bea = await memberOf(b, 'bea@example.org');
    const forbidden = { code: 'FORBIDDEN' };
    await expect(createPasswordLink(b, { personId: carl?.id ?? '', actor: adaInB })).rejects.toMatchObject(forbidden);
    await expect(endSessions(b, { personId: carl?.id ?? '', actor: adaInB })).rejects.toMatchObject(forbidden);
    const link = await createPasswordLink(b, { personId: bea?.id ?? '', actor: adaInB });
    // Nor by a link that was made before they were.
    await a.db.updateTable('user').set({ role: 'auditor' }).where('email', '=', 'bea@example.org').execute();
    await expect(
      redeemLink(b, { token: tokenIn(link.url), password: 'another sentence of mine' }),
    ).rejects.toMatchObject(forbidden);
    await a.db.updateTable('user').set({ role: 'none' }).where('email', '=', 'bea@example.org').execute();
    // What they do to the membership is of the membership.
    await changePerson(b, { personId: carl?.id ?? '', role: 'auditor', isDisabled: true, actor: adaInB });
    expect(await memberOf(b, 'carl@example.org')).toMatchObject({ role: 'auditor', isDisabled: true });
    expect(await memberOf(a, 'carl@example.org')).toMatchObject({ role: 'auditor', isDisabled: false });
    expect(await standing('carl@example.org')).toEqual(['default', 'auditor', ['default']]);
  });

  it('the last administrator of each is kept, and who is disabled in the first one is in none', async () => {
    await expect(changePerson(b, { personId: ada.id, role: 'auditor', actor: adaInB })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const bea = await memberOf(b, 'bea@example.org');
    await changePerson(b, { personId: bea?.id ?? '', isDisabled: true, actor: adaInB });
    expect(await standing('bea@example.org')).toEqual([null, 'auditor', []]);
    await changePerson(b, { personId: bea?.id ?? '', isDisabled: false, actor: adaInB });
    await changePerson(a, { personId: bea?.id ?? '', isDisabled: true, actor: ada });
    expect(await memberOf(b, 'bea@example.org')).toMatchObject({ isDisabled: true });
  });

  it('each of it is recorded where it was done', async () => {
    const done = async ({ db }: Context) =>
      (await db.selectFrom('audit_log').select(['action', 'actor_name']).orderBy('id').execute()).map(
        ({ action }) => action,
      );
    expect(await done(b)).toEqual([
      'workspace.create',
      'person.join',
      'token.create',
      'invitation.create',
      'person.create',
      'invitation.create',
      'person.join',
      'person.switch-workspace',
      'person.reset-password',
      'person.change-role',
      'person.disable',
      'person.disable',
      'person.enable',
    ]);
    expect((await done(a)).filter((action) => action.startsWith('workspace.') || action === 'person.disable')).toEqual([
      'workspace.create',
      'person.disable',
    ]);
  });

  it('what was decided of them is what each chain of actions says, and told where somebody edits it', async () => {
    const token = tokenIn(
      (await createInvitation(b, { email: 'dan@example.org', role: 'analyst', actor: adaInB })).url,
    );
    const dan = await redeemLink(b, { token, name: 'Dan', password: PASSWORD, installation: a });
    const { url } = await createPasswordLink(b, { personId: dan.id, actor: adaInB });
    await redeemLink(b, { token: tokenIn(url), password: 'another sentence of mine' });
    const actor = personActor({ ...dan, workspaceId: 'default' });
    await beginApp(a, { actor, password: 'another sentence of mine' });
    const { secret_sealed: sealed } = await a.db
      .selectFrom('totp_secrets')
      .select('secret_sealed')
      .where('person_id', '=', dan.id)
      .executeTakeFirstOrThrow();
    const code = await createOTP(unsealText(sealedFor(a, dan.id), sealed) ?? '').totp();
    await confirmApp(a, { actor, code, sessionId: null });
    const differing = async (ctx: Context) => {
      const found: Drift[] = [];
      await fsck(ctx, (drift) => found.push(drift), { only: ['decisions'] });
      return found.map(({ at }) => at && [at.table, at.row, at.column]);
    };
    expect([await differing(a), await differing(b)]).toEqual([[], []]);
    await resetSecondFactor(b, { personId: dan.id, actor: adaInB });
    expect([await differing(a), await differing(b)]).toEqual([[], []]);

    const member = () => a.db.updateTable('workspace_members').where('person_id', '=', dan.id);
    await member().set({ role: 'administrator', is_disabled: true }).execute();
    expect([await differing(a), await differing(b)]).toEqual([
      [],
      [
        ['workspace_members', dan.id, 'role'],
        ['workspace_members', dan.id, 'is_disabled'],
      ],
    ]);
    await member().set({ role: 'analyst', is_disabled: false }).execute();
    await a.db.updateTable('user').set({ role: 'administrator' }).where('id', '=', dan.id).execute();
    expect([await differing(a), await differing(b)]).toEqual([[['user', dan.id, 'role']], []]);
    await a.db.updateTable('user').set({ role: 'none' }).where('id', '=', dan.id).execute();
  });
});
