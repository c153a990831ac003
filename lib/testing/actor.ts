import type { Actor } from '@/lib/access/actor';
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
