import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET, POST } from '@/app/api/auth/[...all]/route';
import { testActor, testAdmin } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { createToken, listTokens } from './tokens';

const PASSWORD = 'correct horse battery staple';
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(installation.ctx) });
  await testAdmin(installation.ctx, { name: 'ada', email: 'ada@example.org', password: PASSWORD });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

const SEGMENT = { params: Promise.resolve({}) };
const signIn = (password = PASSWORD) => {
  const origin = installation.ctx.env.publicUrl;
  return POST(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, host: new URL(origin).host },
      body: JSON.stringify({ email: 'ada@example.org', password }),
    }),
    SEGMENT,
  );
};
const signOut = (cookie: string) => {
  const origin = installation.ctx.env.publicUrl;
  return POST(
    new Request(`${origin}/api/auth/sign-out`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, host: new URL(origin).host, cookie },
      body: '{}',
    }),
    SEGMENT,
  );
};
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
const sessionOf = async (cookie: string) =>
  (
    await GET(new Request(`${installation.ctx.env.publicUrl}/api/auth/get-session`, { headers: { cookie } }), SEGMENT)
  ).json();

/** What PostgreSQL says of a row it has no room for. */
type Table = 'activity_lines' | 'audit_log' | 'session' | 'sign_in_failures';
const fill = (table: Table, on: 'INSERT' | 'UPDATE' = 'INSERT') =>
  sql`CREATE TRIGGER full_disk BEFORE ${sql.raw(on)} ON ${sql.table(table)} EXECUTE FUNCTION disk_is_full()`.execute(
    installation.ctx.db,
  );
const empty = (table: Table) => sql`DROP TRIGGER full_disk ON ${sql.table(table)}`.execute(installation.ctx.db);

it('a sign-in for which the disk has no room says so, and nothing else', async () => {
  const { db } = installation.ctx;
  await sql`CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file "base/5/16384": No space left on device' USING ERRCODE = '53100'; END $$`.execute(
    db,
  );
  const before = await signIn();
  expect(before.status).toBe(200);

  await fill('session');
  const refused = await signIn();
  expect([refused.status, await refused.json()]).toEqual([
    507,
    expect.objectContaining({ code: 'STORAGE_FULL', detail: expect.stringMatching(/disk .*room/) }),
  ]);
  expect(refused.headers.getSetCookie()).toEqual([]);
  // Who was signed in stays so, and a password that is wrong is still that.
  expect(await sessionOf(cookieOf(before))).toMatchObject({ user: { email: 'ada@example.org' } });
  expect((await signIn('not the password')).status).toBe(401);
  await empty('session');

  // Nobody is let in, and nothing is ended or made, that cannot be recorded.
  // Its row, its line, or the line that is made as it is committed.
  const lines = () => installation.ctx.db.selectFrom('activity_lines').selectAll().orderBy('seq').execute();
  const recorded = await lines();
  for (const [table, on] of [
    ['audit_log', 'INSERT'],
    ['activity_lines', 'INSERT'],
    ['activity_lines', 'UPDATE'],
  ] as const) {
    await fill(table, on);
    const unrecorded = await signIn();
    expect([unrecorded.status, unrecorded.headers.getSetCookie()]).toEqual([507, []]);
    expect((await signOut(cookieOf(before))).status).toBe(507);
    expect(await sessionOf(cookieOf(before))).toMatchObject({ user: { email: 'ada@example.org' } });
    await expect(createToken(installation.ctx, { name: 'ci', scopes: ['read'], actor: testActor() })).rejects.toThrow(
      'No space left',
    );
    expect(await listTokens(installation.ctx)).toEqual([]);
    await empty(table);
    expect(await lines()).toEqual(recorded);
  }
  const ended = await signOut(cookieOf(before));
  expect(ended.status).toBe(200);
  expect(await sessionOf(cookieOf(before))).toBeNull();

  await fill('sign_in_failures');
  expect((await signIn('not the password')).status).toBe(507);
  await empty('sign_in_failures');
  expect((await signIn()).status).toBe(200);
});
