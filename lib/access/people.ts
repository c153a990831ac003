import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Role } from '../schemas/roles';
import type { Person } from '../schemas/settings';
import type { Tx } from '../db/database';
import type { Actor } from './actor';
import { authIn, authOf } from './auth';
import { requirePassword } from './password-rules';
import { roleOf } from './role-of';

export async function listPeople(ctx: Context): Promise<Person[]> {
  const rows = await ctx.db
    .selectFrom('user')
    .select(['id', 'name', 'email', 'role'])
    .orderBy('createdAt')
    .limit(500)
    .execute();
  return rows.map(({ id, name, email, role }) => ({ id, name, email, role: roleOf(role) }));
}

/** The person a request's session cookie belongs to; null without a valid one, and for a person who is disabled. @throws AppError UNAVAILABLE. */
export async function personOf(ctx: Context, headers: Headers): Promise<Person | null> {
  const session = await authOf(ctx)
    .api.getSession({ headers })
    .catch((error: unknown) => {
      throw new AppError('UNAVAILABLE', 'the session could not be checked just now; try again', {}, { cause: error });
    });
  if (!session) return null;
  const row = await ctx.db
    .selectFrom('user')
    .select(['id', 'name', 'email', 'role', 'banned'])
    .where('id', '=', session.user.id)
    .executeTakeFirst();
  if (!row || row.banned) return null;
  const { id, name, email } = row;
  return { id, name, email, role: roleOf(row.role) };
}

/** @throws AppError BAD_REQUEST for a password that is easily guessed, and for an address somebody has already. */
export async function createPerson(
  ctx: Context,
  tx: Tx,
  { actor, name, email, role, password }: { actor: Actor; name: string; email: string; role: Role; password: string },
): Promise<Person> {
  requirePassword(password, { email, name });
  const { user } = await authIn(ctx, tx).api.createUser({ body: { name, email, password, data: { role } } });
  await audit.append(tx, actor, { action: 'person.create', subjectId: user.id, details: { role } });
  return { id: user.id, name: user.name, email: user.email, role };
}
