import type { Actor } from '@/lib/access/actor';
import { authOf } from '@/lib/access/auth';
import { createPerson } from '@/lib/access/people';
import { SETUP } from '@/lib/access/set-up';
import type { Context } from '@/lib/context';
import type { Role } from '@/lib/schemas/roles';
import type { Person } from '@/lib/schemas/settings';

/** Somebody who may do everything, by a name that is the id too. */
export function testActor(name = 'test'): Actor {
  return { kind: 'token', id: name, name, role: 'administrator', workspaceId: 'default', chains: null };
}

/** The first administrator, as set-up makes one. */
export function testAdmin(ctx: Context, person: { name: string; email: string; password: string }): Promise<Person> {
  return testPerson(ctx, { ...person, role: 'administrator' });
}

export function testPerson(
  ctx: Context,
  person: { name: string; email: string; password: string; role: Role },
): Promise<Person> {
  return ctx.db.transaction().execute((tx) => createPerson(ctx, tx, { ...person, actor: SETUP }));
}

/** The first administrator signed in: the cookies a browser sends. */
export async function signedInAdmin(
  ctx: Context,
  person = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' },
): Promise<string> {
  await testAdmin(ctx, person);
  return signedIn(ctx, person);
}

/** Signs a person in: the cookies a browser sends. */
export async function signedIn(ctx: Context, person: { email: string; password: string }): Promise<string> {
  const answer = await authOf(ctx).api.signInEmail({ body: person, asResponse: true });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
