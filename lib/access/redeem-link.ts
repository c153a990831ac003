import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import type { AccessLinkRow } from '../db/schema';
import type { Person } from '../schemas/settings';
import { personActor, systemActor } from './actor';
import { authIn } from './auth';
import { goodLinks, linkOf } from './links';
import { sha256 } from '../crypto/sha256';
import { PASSWORD, requirePasswordSignIn } from './oidc/accounts';
import { passwordDigest } from './password-digest';
import { requirePassword } from './password-rules';
import { createPerson, hasAccount } from './people';
import { roleOf } from './role-of';
import { requireOnlyHere } from './workspaces/own-account';
import { recordOfAccount } from './workspaces/record-account';

/** Who comes in by an invitation: nobody is signed in then. */
const INVITED = systemActor('invitation');

/**
 * Makes the person who was invited, or sets the password of the one who was given a link to; the link is no good after that. Of one that is used by
 * several at once one is taken. @throws AppError FORBIDDEN for a link that was used, was taken back, has expired or is not one of ours; BAD_REQUEST;
 * CONFLICT where nobody signs in by a password.
 */
export async function redeemLink(
  ctx: Context,
  {
    token,
    name,
    password,
    installation = ctx,
  }: { token: string; name?: string | undefined; password: string; installation?: Context },
): Promise<Person> {
  requirePasswordSignIn(ctx.env);
  await requireNoAccount(ctx, installation, token);
  return ctx.db.transaction().execute(async (tx) => {
    const link = await goodLinks(ctx, tx).where('token_sha256', '=', sha256(token)).forUpdate().executeTakeFirst();
    if (!link)
      throw new AppError('FORBIDDEN', 'this link was used, has expired or is not one of ours; ask for a new one');
    await tx.updateTable('access_links').set({ ended_at: ctx.now() }).where('id', '=', link.id).execute();
    return link.kind === 'invitation'
      ? join(ctx, tx, link, { name, password })
      : setPassword(ctx, tx, link.person_id ?? '', password);
  });
}

/** Accounts are the installation's: whoever has one comes in with it, and gets no second one. @throws AppError CONFLICT. */
async function requireNoAccount(ctx: Context, installation: Context, token: string): Promise<void> {
  const link = await linkOf(ctx, token);
  if (link?.kind === 'invitation' && (await hasAccount(installation, link.email)))
    throw new AppError(
      'CONFLICT',
      'somebody has this address already: sign in with it, then open the link of the invitation again',
    );
}

function join(
  ctx: Context,
  tx: Tx,
  { email, role }: AccessLinkRow,
  { name, password }: { name?: string | undefined; password: string },
): Promise<Person> {
  if (name === undefined) throw new AppError('BAD_REQUEST', 'say your name', { field: 'name' });
  return createPerson(ctx, tx, { actor: INVITED, name, email, role: roleOf(role), password });
}

/** The one way in they have from here on. Ends every session of theirs: whoever knew the old password may be signed in somewhere. */
async function setPassword(ctx: Context, tx: Tx, personId: string, password: string): Promise<Person> {
  const row = await tx
    .selectFrom('user')
    .select(['id', 'name', 'email', 'role', 'banned'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (!row || row.banned) throw new AppError('FORBIDDEN', 'this person cannot sign in any more');
  // They may have become a member of another one since the link was made.
  await requireOnlyHere(ctx, tx, personId);
  requirePassword(password, row);
  const auth = await authIn(ctx, tx).$context;
  await tx.deleteFrom('account').where('userId', '=', personId).execute();
  await auth.internalAdapter.createAccount({
    userId: personId,
    accountId: personId,
    providerId: PASSWORD,
    password: await auth.password.hash(password),
  });
  await tx.deleteFrom('session').where('userId', '=', personId).execute();
  const person = { id: row.id, name: row.name, email: row.email, role: roleOf(row.role) };
  await recordOfAccount(ctx, tx, personActor(person), {
    action: 'person.set-password',
    subjectId: personId,
    details: { keptSha256: await passwordDigest(tx, personId) },
  });
  return person;
}
