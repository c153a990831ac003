import 'server-only';
import { randomBytes } from 'node:crypto';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { sha256 } from '../crypto/sha256';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { Person } from '../schemas/settings';
import { SETUP, hasPeople } from './set-up';

/**
 * Makes the first administrator from the environment, or a one-time link that lets a person do it.
 * Null once there is one, and where the identity provider alone lets people in, by whose groups the first one becomes it.
 */
export async function prepareFirstRun(ctx: Context): Promise<{ setupUrl: string | null }> {
  if (await hasPeople(ctx)) return { setupUrl: null };
  const { admin } = ctx.env;
  if (admin) {
    await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'setup', '');
      if (!(await hasPeople(ctx))) await createAdmin(ctx, tx, { name: 'Administrator', ...admin });
    });
    return { setupUrl: null };
  }
  if (ctx.env.oidc?.isOnly) return { setupUrl: null };
  const token = randomBytes(24).toString('base64url');
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('setup_tokens')
      .values({ token_sha256: sha256(token) })
      .execute();
    await audit.append(tx, SETUP, { action: 'setup-link.create', subjectId: sha256(token) });
  });
  return { setupUrl: `${ctx.env.publicUrl}/setup?token=${token}` };
}

/** Whether a set-up link may still be used. */
export async function isSetupToken(ctx: Context, token: string): Promise<boolean> {
  if (ctx.env.oidc?.isOnly || (await hasPeople(ctx))) return false;
  const row = await ctx.db
    .selectFrom('setup_tokens')
    .select('token_sha256')
    .where('token_sha256', '=', sha256(token))
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes the first administrator. @throws AppError FORBIDDEN when the link is not valid (any more). */
export async function completeSetup(
  ctx: Context,
  { token, ...person }: { token: string; name: string; email: string; password: string },
): Promise<Person> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'setup', '');
    if (!(await isSetupToken(ctx, token)))
      throw new AppError(
        'FORBIDDEN',
        'this set-up link was used or is not one of ours; start Sealtrail again for a new one',
      );
    const created = await createAdmin(ctx, tx, person);
    await tx
      .updateTable('setup_tokens')
      .set({ used_at: ctx.now() })
      .where('token_sha256', '=', sha256(token))
      .execute();
    return created;
  });
}

/** Loaded for the first of all starts alone: the library of sign-in takes half a second. */
async function createAdmin(
  ctx: Context,
  tx: Tx,
  person: { name: string; email: string; password: string },
): Promise<Person> {
  const people = await import('./people');
  return people.createPerson(ctx, tx, { ...person, role: 'administrator', actor: SETUP });
}
