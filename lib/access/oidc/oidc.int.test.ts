import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../../testing/identity-provider';
import { signedIn, testPerson } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { OIDC_CALLBACK_PATH, OIDC_SIGN_IN_PATH } from '../../schemas/sign-in-refusals';
import type { Role } from '../../schemas/roles';
import { systemActor } from '../actor';
import { answerBrowser } from '../answer';
import { changePerson, createPasswordLink } from '../change-person';
import { completeSetup, prepareFirstRun } from '../first-run';
import { createInvitation } from '../invitations';
import { listPeople, personOf } from '../people';
import { redeemLink } from '../redeem-link';

const PASSWORD = 'correct horse battery staple';
const ORIGIN = 'http://127.0.0.1:7325';
const ADMIN = systemActor('a test');
const ROLES = 'sec-admins=administrator,sec-team=analyst,readers=auditor';

let provider: IdentityProvider;
let installation: TestInstallation;
beforeAll(async () => {
  provider = await startIdentityProvider(`${ORIGIN}${OIDC_CALLBACK_PATH}`);
  installation = await startInstallation(environment());
}, 120_000);
afterAll(async () => {
  await installation.stop();
  await provider.stop();
}, 60_000);
beforeEach(async () => {
  vi.restoreAllMocks();
  provider.forge = null;
  provider.people.clear();
  for (const table of ['session', 'account', 'access_links', 'user'] as const)
    await installation.ctx.db.deleteFrom(table).execute();
  configure({ mayLink: false, isOnly: false });
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    SEALTRAIL_URL: ORIGIN,
    SEALTRAIL_OIDC_ISSUER: provider.issuer,
    SEALTRAIL_OIDC_CLIENT_ID: CLIENT.id,
    SEALTRAIL_OIDC_CLIENT_SECRET: CLIENT.secret,
    SEALTRAIL_OIDC_ROLES: ROLES,
    SEALTRAIL_OIDC_LABEL: 'Example',
    ...more,
  };
}

function configure(changes: Partial<NonNullable<typeof installation.ctx.env.oidc>>): void {
  Object.assign(installation.ctx.env.oidc ?? {}, changes);
}

type Came = { status: number; location: string; cookie: string };
async function get(path: string, cookie = '', { ctx } = installation): Promise<Came> {
  const headers = { 'user-agent': 'a browser', 'x-sealtrail-peer': '127.0.0.1', ...(cookie && { cookie }) };
  const answer = await answerBrowser(ctx, new Request(new URL(path, ORIGIN), { headers }));
  if (!answer) throw new Error(`${path} is answered by nobody`);
  const set = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    cookie: set.filter((one) => !one.endsWith('=')).join('; '),
  };
}

/** From the button to where the browser ends up. */
async function signIn(login: string, { to = '/', at = installation } = {}): Promise<Came> {
  const begun = await get(`${OIDC_SIGN_IN_PATH}?to=${encodeURIComponent(to)}`, '', at);
  if (begun.location.startsWith('/')) return begun;
  return get(await provider.signIn(begun.location, login), begun.cookie, at);
}
const refusedFor = async (login: string) => new URL((await signIn(login)).location, ORIGIN).searchParams.get('refused');
const personIn = ({ cookie }: Came) => personOf(installation.ctx, new Headers({ cookie }));
const person = (name: string, role: Role) =>
  testPerson(installation.ctx, { name, email: `${name}@example.org`, password: PASSWORD, role });
const standing = async () =>
  (await listPeople(installation.ctx)).map(({ email, role, isFromProvider }) => [email, role, isFromProvider]);
const lastActions = async (many: number) =>
  (
    await installation.ctx.db
      .selectFrom('audit_log')
      .select(['action', 'actor_name', 'details'])
      .orderBy('id', 'desc')
      .limit(many)
      .execute()
  )
    .toReversed()
    .map(({ action, actor_name: by, details }) => [action, by, details]);
const rows = async () =>
  (
    await installation.ctx.db
      .selectFrom('audit_log')
      .select((of) => of.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
  ).n;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error), // an AppError has one
  );

describe('signing in', () => {
  it('asks with PKCE, state and nonce, and makes a person of the role of their groups', async () => {
    const begun = await get(`${OIDC_SIGN_IN_PATH}?to=%2Fchains%3Fq%3Da`);
    const asked = new URL(begun.location);
    expect([begun.status, asked.origin]).toEqual([303, provider.issuer]);
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: CLIENT.id,
      redirect_uri: `${ORIGIN}${OIDC_CALLBACK_PATH}`,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    for (const secret of ['state', 'nonce'])
      expect(begun.cookie).not.toContain(asked.searchParams.get(secret) ?? 'nothing');

    const back = await provider.signIn(begun.location, 'olu+sec-team+elsewhere');
    const ended = await get(back, begun.cookie);
    expect([ended.status, ended.location]).toEqual([303, '/chains?q=a']);
    expect(await personIn(ended)).toMatchObject({ name: 'Olu', email: 'olu@example.org', role: 'analyst' });
    expect(await standing()).toEqual([['olu@example.org', 'analyst', true]]);
    const subject = 'olu+sec-team+elsewhere';
    expect(await lastActions(2)).toEqual([
      ['person.create', 'identity provider', { role: 'analyst', subject }],
      ['person.sign-in', 'olu@example.org', { by: 'oidc' }],
    ]);
    const [session] = await installation.ctx.db.selectFrom('session').selectAll().execute();
    expect(session).toMatchObject({ ipAddress: '127.0.0.1', userAgent: 'a browser' });
  });

  it('knows them again by their subject, not by their address', async () => {
    provider.people.set('s-1', { email: 'olu@example.org', name: 'Olu', groups: ['readers'] });
    const first = await personIn(await signIn('s-1'));
    provider.people.set('s-1', { email: 'other@example.org', name: 'Olu', groups: ['readers'] });
    expect((await personIn(await signIn('s-1')))?.id).toBe(first?.id);
    provider.people.set('s-2', { email: 'olu@example.org', email_verified: true, groups: ['readers'] });
    configure({ mayLink: true });
    expect(await refusedFor('s-2')).toBe('known-email');
    expect(await standing()).toEqual([['olu@example.org', 'auditor', true]]);
  });

  it('takes what the ID token leaves out from the userinfo', async () => {
    const other = await startIdentityProvider(`${ORIGIN}${OIDC_CALLBACK_PATH}`, { inIdToken: false });
    const at = await startInstallation(environment({ SEALTRAIL_OIDC_ISSUER: other.issuer }), { rules: 'one' });
    try {
      const begun = await get(OIDC_SIGN_IN_PATH, '', at);
      const ended = await get(await other.signIn(begun.location, 'olu+sec-team'), begun.cookie, at);
      expect(await personOf(at.ctx, new Headers({ cookie: ended.cookie }))).toMatchObject({
        email: 'olu@example.org',
        role: 'analyst',
      });
    } finally {
      await at.stop();
      await other.stop();
    }
  }, 120_000);

  it('the role is that of the groups at each sign-in, and is changed nowhere else', async () => {
    await person('ada', 'administrator');
    const olu = (groups: unknown) => provider.people.set('olu', { email: 'olu@example.org', groups });
    olu(['sec-team', 'sec-admins']);
    const before = await signIn('olu');
    const signed = await personIn(before);
    expect(signed?.role).toBe('administrator');
    olu('readers');
    const after = await personIn(await signIn('olu'));
    expect(after?.role).toBe('auditor');
    expect((await personIn(before))?.role).toBe('auditor');
    expect(await lastActions(2)).toEqual([
      ['person.change-role', 'identity provider', { from: 'administrator', to: 'auditor', given: 'auditor' }],
      ['person.sign-in', 'olu@example.org', { by: 'oidc' }],
    ]);
    const personId = signed?.id ?? '';
    const { ctx } = installation;
    expect(await codeOf(changePerson(ctx, { personId, role: 'analyst', actor: ADMIN }))).toBe('CONFLICT');
    expect(await codeOf(createPasswordLink(ctx, { personId, actor: ADMIN }))).toBe('CONFLICT');
    olu([]);
    expect(await refusedFor('olu')).toBe('no-role');
  });

  it('a session ends when the provider is to be asked again, however much it is used', async () => {
    const came = await signIn('olu+readers');
    const { sessionMs } = installation.ctx.env.oidc ?? { sessionMs: 0 };
    const later = (ms: number) => vi.spyOn(installation.ctx, 'now').mockReturnValue(new Date(Date.now() + ms));
    later(sessionMs - 60_000);
    expect((await personIn(came))?.email).toBe('olu@example.org');
    later(sessionMs + 60_000);
    expect(await personIn(came)).toBeNull();
  });
});

it('who came from a provider that is not stated any more is out, and comes in by a password if they are given one', async () => {
  const { ctx } = installation;
  const came = await signIn('olu+readers');
  const { id: personId = '' } = (await personIn(came)) ?? {};
  const stated = ctx.env.oidc;
  ctx.env.oidc = null;
  try {
    expect(await personIn(came)).toBeNull();
    const { url } = await createPasswordLink(ctx, { personId, actor: ADMIN });
    await redeemLink(ctx, { token: new URL(url).searchParams.get('token') ?? '', password: PASSWORD });
    const cookie = await signedIn(ctx, { email: 'olu@example.org', password: PASSWORD });
    expect(await personOf(ctx, new Headers({ cookie }))).toMatchObject({ id: personId });
    await changePerson(ctx, { personId, role: 'analyst', actor: ADMIN });
  } finally {
    ctx.env.oidc = stated;
  }
  expect(await refusedFor('olu+readers')).toBe('known-email');
  expect(await standing()).toEqual([['olu@example.org', 'analyst', false]]);
});

describe('is refused', () => {
  it.each([
    ['of another nonce', 'token', { nonce: 'another' }, 'own'],
    ['without a nonce', 'token', { nonce: undefined }, 'own'],
    ['for another audience', 'token', { aud: 'another' }, 'own'],
    ['by another issuer', 'token', { iss: 'http://127.0.0.1:1' }, 'own'],
    ['that has expired', 'clock', { exp: Math.floor(Date.now() / 1000) - 120 }, 'own'],
    ['that is not valid yet', 'clock', { nbf: Math.floor(Date.now() / 1000) + 120 }, 'own'],
    ['that is not signed', 'token', {}, 'none'],
    ['signed by another key', 'token', {}, 'other'],
    ['changed after it was signed', 'token', { groups: ['sec-admins', 'readers'] }, 'kept'],
  ] as const)('an ID token %s', async (_, refused, claims, by) => {
    provider.forge = ({ payload }) => {
      Object.assign(payload, claims);
      return by;
    };
    const before = await rows();
    expect(await refusedFor('olu+sec-admins')).toBe(refused);
    expect([await standing(), await rows()]).toEqual([[], before]);
    provider.forge = () => 'own';
    expect(await refusedFor('olu+sec-admins')).toBeNull();
  });

  it('somebody whose groups have no role, or who has none', async () => {
    expect(await refusedFor('olu')).toBe('no-role');
    expect(await refusedFor('olu+*')).toBe('no-role');
    provider.people.set('s', { email: 'olu@example.org', groups: { 'sec-admins': true } });
    expect(await refusedFor('s')).toBe('no-role');
    const counted = await installation.ctx.db
      .selectFrom('activity_folds')
      .select(['action', 'subject_id', 'details'])
      .execute();
    expect(counted).toContainEqual({
      action: 'person.refuse-sign-in',
      subject_id: 'unknown',
      details: { by: 'oidc', why: 'no-role', address: '127.0.0.1' },
    });
    expect(await standing()).toEqual([]);
  });

  it('somebody without an address', async () => {
    provider.people.set('s', { name: 'Olu', groups: ['readers'] });
    expect(await refusedFor('s')).toBe('no-email');
  });

  it('an address somebody has already, unless it is verified and the configuration allows it', async () => {
    const ada = await person('ada', 'administrator');
    await person('bob', 'administrator');
    const session = await signedIn(installation.ctx, { email: ada.email, password: PASSWORD });
    const { url } = await createPasswordLink(installation.ctx, { personId: ada.id, actor: ADMIN });
    const claim = (isVerified: boolean | undefined) =>
      provider.people.set('s', {
        email: 'ADA@example.org',
        groups: ['sec-team'],
        ...(isVerified !== undefined && { email_verified: isVerified }),
      });
    for (const [mayLink, isVerified] of [
      [false, true],
      [true, false],
      [true, undefined],
    ] as const) {
      claim(isVerified);
      configure({ mayLink });
      expect([mayLink, isVerified, await refusedFor('s')]).toEqual([mayLink, isVerified, 'known-email']);
    }
    expect(await personOf(installation.ctx, new Headers({ cookie: session }))).not.toBeNull();

    claim(true);
    configure({ mayLink: true });
    const linked = await signIn('s');
    expect(await personIn(linked)).toMatchObject({ id: ada.id, role: 'analyst', name: 'ada' });
    expect((await lastActions(3)).map(([action]) => action)).toEqual([
      'person.link',
      'person.change-role',
      'person.sign-in',
    ]);
    // The provider alone lets them in now.
    expect(await personOf(installation.ctx, new Headers({ cookie: session }))).toBeNull();
    expect(await signedIn(installation.ctx, { email: ada.email, password: PASSWORD })).toBe('');
    const token = new URL(url).searchParams.get('token') ?? '';
    expect(await codeOf(redeemLink(installation.ctx, { token, password: 'a quite other sentence' }))).toBe('FORBIDDEN');
  });

  it('somebody who is disabled', async () => {
    const { id } = (await personIn(await signIn('olu+readers'))) ?? { id: '' };
    await changePerson(installation.ctx, { personId: id, isDisabled: true, actor: ADMIN });
    expect(await refusedFor('olu+readers')).toBe('disabled');
    await changePerson(installation.ctx, { personId: id, isDisabled: false, actor: ADMIN });
    expect(await refusedFor('olu+readers')).toBeNull();
  });

  it('the last administrator whose groups say less, until there is another', async () => {
    const as = (groups: string[]) => provider.people.set('s', { email: 'olu@example.org', groups });
    as(['sec-admins']);
    await signIn('s');
    as(['readers']);
    expect(await refusedFor('s')).toBe('last-administrator');
    expect(await standing()).toEqual([['olu@example.org', 'administrator', true]]);
    await signIn('uma+sec-admins');
    expect((await personIn(await signIn('s')))?.role).toBe('auditor');
  });
});

it('of several sign-ins at once one makes the person, and two administrators do not both stop being one', async () => {
  const came = await Promise.all(Array.from({ length: 6 }, () => signIn('olu+readers')));
  expect(came.map(({ location }) => location)).toEqual(came.map(() => '/'));
  expect(await standing()).toEqual([['olu@example.org', 'auditor', true]]);
  const as = (groups: string[]) => {
    for (const name of ['s-1', 's-2']) provider.people.set(name, { email: `${name}@example.org`, groups });
  };
  for (let round = 0; round < 4; round += 1) {
    as(['sec-admins']);
    for (const name of ['s-1', 's-2']) await signIn(name);
    as(['readers']);
    const why = await Promise.all(['s-1', 's-2'].map((name) => refusedFor(name)));
    expect(why.filter((code) => code === 'last-administrator')).toHaveLength(1);
  }
});

describe('the way back', () => {
  it('is taken once, by the browser that began it, within ten minutes', async () => {
    const begun = await get(OIDC_SIGN_IN_PATH);
    const other = await get(OIDC_SIGN_IN_PATH);
    const back = await provider.signIn(begun.location, 'olu+readers');
    const why = async (path: string, cookie: string) =>
      new URL((await get(path, cookie)).location, ORIGIN).searchParams.get('refused');
    expect(await why(back, '')).toBe('attempt');
    expect(await why(back, other.cookie)).toBe('attempt');
    expect(await why(back, `${begun.cookie.slice(0, -4)}0000`)).toBe('attempt');
    expect(await why(back, begun.cookie.replace(/=.*/, '=zz'))).toBe('attempt');
    expect(await why(back.replace(/state=[^&]*/, 'state=x'), begun.cookie)).toBe('attempt');
    expect(await why(back.replace(/iss=[^&]*/, 'iss=http%3A%2F%2F127.0.0.1%3A1'), begun.cookie)).toBe('token');
    const late = vi.spyOn(installation.ctx, 'now').mockReturnValue(new Date(Date.now() + 601_000));
    expect(await why(back, begun.cookie)).toBe('attempt');
    late.mockRestore();
    expect(await standing()).toEqual([]);
    expect(await why(back, begun.cookie)).toBeNull();
    expect(await why(back, begun.cookie)).toBe('attempt');
  });

  it('leads to a path of ours alone', async () => {
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      '/sign-in?to=//evil.example',
      '/%0d%0aLocation:%20https://evil.example',
    ]) {
      const { location } = await signIn('olu+readers', { to });
      expect([to, new URL(location, ORIGIN).origin, location.startsWith('/'), /[\r\n]/.test(location)]).toEqual([
        to,
        ORIGIN,
        true,
        false,
      ]);
    }
    expect((await signIn('olu', { to: '/chains?q=a' })).location).toBe('/sign-in?to=%2Fchains%3Fq%3Da&refused=no-role');
  });

  it('says what the provider said no to', async () => {
    const begun = await get(OIDC_SIGN_IN_PATH);
    const state = new URL(begun.location).searchParams.get('state') ?? '';
    const back = async (error: string) =>
      new URL(
        (
          await get(
            `${OIDC_CALLBACK_PATH}?${new URLSearchParams({ error, state, iss: provider.issuer })}`,
            begun.cookie,
          )
        ).location,
        ORIGIN,
      ).searchParams.get('refused');
    expect([await back('access_denied'), await back('server_error')]).toEqual(['cancelled', 'provider']);
  });
});

describe('a provider that fails', () => {
  async function said(more: Record<string, string>, login = 'olu+readers'): Promise<string | null> {
    const at = await startInstallation(environment(more), { rules: 'one' });
    const lines: unknown[][] = [];
    vi.spyOn(at.ctx.log, 'warn').mockImplementation((...line: unknown[]) => void lines.push(line));
    try {
      const { location } = await signIn(login, { at });
      expect([lines.length, JSON.stringify(lines)]).toEqual([1, expect.not.stringContaining(CLIENT.secret)]);
      return new URL(location, ORIGIN).searchParams.get('refused');
    } finally {
      await at.stop();
    }
  }

  it('is down, or is none', async () => {
    expect(await said({ SEALTRAIL_OIDC_ISSUER: 'http://127.0.0.1:1' })).toBe('unreachable');
    expect(await said({ SEALTRAIL_OIDC_ISSUER: `${provider.issuer}/elsewhere` })).toBe('unreachable');
  }, 120_000);

  it('does not know the secret', async () => {
    expect(await said({ SEALTRAIL_OIDC_CLIENT_SECRET: 'another' })).toBe('client');
  }, 120_000);

  it('is asked again once it is back', async () => {
    const first = await startIdentityProvider(`${ORIGIN}${OIDC_CALLBACK_PATH}`);
    await first.stop();
    const at = await startInstallation(environment({ SEALTRAIL_OIDC_ISSUER: first.issuer }), { rules: 'one' });
    expect((await get(OIDC_SIGN_IN_PATH, '', at)).location).toBe('/sign-in?refused=unreachable');
    const again = await startIdentityProvider(`${ORIGIN}${OIDC_CALLBACK_PATH}`, {
      port: Number(new URL(first.issuer).port),
    });
    try {
      expect((await get(OIDC_SIGN_IN_PATH, '', at)).location).toMatch(/^http/);
    } finally {
      await at.stop();
      await again.stop();
    }
  }, 120_000);
});

describe('where nobody else lets people in', () => {
  it('there is no way in by a password, and no link that would make one', async () => {
    const { ctx } = installation;
    const ada = await person('ada', 'administrator');
    const { url } = await createInvitation(ctx, { email: 'uma@example.org', role: 'auditor', actor: ADMIN });
    const session = await signedIn(ctx, { email: ada.email, password: PASSWORD });
    const only = await startInstallation(environment({ SEALTRAIL_OIDC_ONLY: '1' }), { rules: 'one' });
    try {
      configure({ isOnly: true });
      expect(await personOf(ctx, new Headers({ cookie: session }))).toBeNull();
      expect(await codeOf(createInvitation(ctx, { email: 'x@example.org', role: 'auditor', actor: ADMIN }))).toBe(
        'CONFLICT',
      );
      expect(await codeOf(createPasswordLink(ctx, { personId: ada.id, actor: ADMIN }))).toBe('CONFLICT');
      const token = new URL(url).searchParams.get('token') ?? '';
      expect(await codeOf(redeemLink(ctx, { token, name: 'Uma', password: PASSWORD }))).toBe('CONFLICT');

      expect(await prepareFirstRun(only.ctx)).toEqual({ setupUrl: null });
      const setup = { token: 'x', name: 'Eve', email: 'eve@example.org', password: PASSWORD };
      expect(await codeOf(completeSetup(only.ctx, setup))).toBe('FORBIDDEN');
      await testPerson(only.ctx, { name: 'bob', email: 'bob@example.org', password: PASSWORD, role: 'administrator' });
      const refused = await answerBrowser(
        only.ctx,
        new Request(`${ORIGIN}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: ORIGIN },
          body: JSON.stringify({ email: 'bob@example.org', password: PASSWORD }),
        }),
      );
      expect(refused?.status).toBe(403);
      // One who has a password alone cannot sign in, and is no administrator that is left.
      await signIn('olu+sec-admins', { at: only });
      const [, olu] = await listPeople(only.ctx);
      expect(olu?.email).toBe('olu@example.org');
      expect(await codeOf(changePerson(only.ctx, { personId: olu?.id ?? '', isDisabled: true, actor: ADMIN }))).toBe(
        'CONFLICT',
      );
    } finally {
      await only.stop();
    }
  }, 120_000);
});

it('ten sign-ins of an address in a minute are enough', async () => {
  const at = await startInstallation(environment({ NODE_ENV: 'production' }), { rules: 'one' });
  try {
    const locations: string[] = [];
    for (let tries = 0; tries < 12; tries += 1) locations.push((await get(OIDC_SIGN_IN_PATH, '', at)).location);
    expect(locations.map((location) => location === '/sign-in?refused=too-many')).toEqual([
      ...Array.from({ length: 10 }, () => false),
      true,
      true,
    ]);
  } finally {
    await at.stop();
  }
}, 120_000);

it('nobody answers where no provider is stated', async () => {
  const at = await startInstallation({}, { rules: 'one' });
  try {
    for (const path of [OIDC_SIGN_IN_PATH, OIDC_CALLBACK_PATH])
      expect(await answerBrowser(at.ctx, new Request(`${ORIGIN}${path}`))).toBeNull();
  } finally {
    await at.stop();
  }
}, 120_000);
