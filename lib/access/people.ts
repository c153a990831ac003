import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Person } from '../schemas/settings';
import type { Tx } from '../db/database';
import { authIn, authOf } from './auth';
import { requirePassword } from './password-rules';
import { SETUP } from './set-up';

export async function listPeople(ctx: Context): Promise<Person[]> {
  const rows = await ctx.db
    .selectFrom('user')
    .select(['id', 'name', 'email', 'role'])
    .orderBy('createdAt')
    .limit(500)
    .execute();
  return rows.map(({ id, name, email, role }) => ({ id, name, email, role: role ?? 'user' }));
}

/** The person a request's session cookie belongs to; null without a valid one. @throws AppError UNAVAILABLE. */
export async function personOf(ctx: Context, headers: Headers): Promise<Person | null> {
  const session = await authOf(ctx)
    .api.getSession({ headers })
    .catch((error: unknown) => {
      throw new AppError('UNAVAILABLE', 'the session could not be checked just now; try again', {}, { cause: error });
    });
  if (!session) return null;
  const row = await ctx.db
    .selectFrom('user')
    .select(['id', 'name', 'email', 'role'])
    .where('id', '=', session.user.id)
    .executeTakeFirst();
  return row ? { ...row, role: row.role ?? 'user' } : null;
}

/** @throws AppError BAD_REQUEST for a password that is easily guessed. */
export async function createAdmin(
  ctx: Context,
  tx: Tx,
  { name, email, password }: { name: string; email: string; password: string },
): Promise<Person> {
  requirePassword(password, { email, name });
  const { user } = await authIn(ctx, tx).api.createUser({ body: { name, email, password, role: 'admin' } });
  await audit.append(tx, SETUP, { action: 'person.create', subjectId: user.id, details: { role: 'admin' } });
  return { id: user.id, name: user.name, email: user.email, role: 'admin' };
}
