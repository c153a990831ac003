import type { Actor } from '@/lib/access/actor';
import { authOf } from '@/lib/access/auth';
import { createAdmin } from '@/lib/access/people';
import type { Context } from '@/lib/context';
import type { Person } from '@/lib/schemas/settings';

/** Somebody who may do everything, by a name that is the id too. */
export function testActor(name = 'test'): Actor {
  return { kind: 'token', id: name, name, role: 'administrator', workspaceId: 'default' };
}

/** The first administrator, as set-up makes one. */
export function testAdmin(ctx: Context, person: { name: string; email: string; password: string }): Promise<Person> {
  return ctx.db.transaction().execute((tx) => createAdmin(ctx, tx, person));
}

/** The first administrator signed in: the cookies a browser sends. */
export async function signedInAdmin(
  ctx: Context,
  person = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' },
): Promise<string> {
  await testAdmin(ctx, person);
  const answer = await authOf(ctx).api.signInEmail({ body: person, asResponse: true });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
