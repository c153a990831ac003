import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { Role } from '../schemas/roles';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Actor } from './actor';
import { type Link, makeLink } from './links';
import { isFromProvider, providerIdOf, requirePasswordSignIn } from './oidc/accounts';
import { roleOf } from './role-of';
import { requireOnlyHere } from './workspaces/own-account';

type Change = { personId: string; role?: Role | undefined; isDisabled?: boolean | undefined; actor: Actor };

/**
 * Gives a person another role, or lets them in no more, or again; what they did stays under their name. Disabling ends their sessions, and their tokens are
 * refused for as long; links that an administrator made end with their role. @throws AppError NOT_FOUND; CONFLICT when no administrator would be left who
 * can sign in, and for the role of somebody whose groups at the identity provider say it.
 */
export async function changePerson(ctx: Context, change: Change): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const { personId, role } = change;
    // Groups give roles in the default workspace.
    if (role !== undefined && ctx.env.workspaceId === DEFAULT_WORKSPACE && (await isFromProvider(ctx, tx, personId)))
      throw new AppError('CONFLICT', 'the role of this person is that of their groups at the identity provider', {
        personId,
      });
    await changeIn(ctx, tx, change);
  });
}

/** The same in the caller's transaction, whoever says what the role is. The caller holds the lock of people. */
export async function changeIn(ctx: Context, tx: Tx, { personId, role, isDisabled, actor }: Change): Promise<void> {
  const before = await personIn(tx, personId);
  const after = { role: role ?? before.role, isDisabled: isDisabled ?? before.isDisabled };
  const isAdministrator = isAbleAdministrator(after);
  if (isAbleAdministrator(before) && !isAdministrator && !(await hasAnotherAdministrator(ctx, tx, personId)))
    throw new AppError('CONFLICT', 'this is the last administrator who can sign in: make somebody else one first', {
      personId,
    });
  // Who is no member of this workspace stays none when they are disabled.
  const isGiven = role !== undefined && role !== before.stored;
  await tx
    .updateTable('user')
    .set({ ...(isGiven && { role }), banned: after.isDisabled })
    .where('id', '=', personId)
    .execute();
  if (!isAdministrator) await endLinksBy(ctx, tx, before.email);
  // In a further workspace it is the membership that ends, in the default one the account.
  if (after.isDisabled && ctx.env.workspaceId === DEFAULT_WORKSPACE)
    await tx.deleteFrom('session').where('userId', '=', personId).execute();
  const acts = [
    ...(isGiven
      ? [{ action: 'person.change-role' as const, details: { from: before.stored, to: role, given: role } }]
      : []),
    ...(after.isDisabled === before.isDisabled
      ? []
      : [{ action: after.isDisabled ? ('person.disable' as const) : ('person.enable' as const) }]),
  ];
  await audit.appendAll(
    tx,
    acts.map((act) => ({ ...act, actor, subjectId: personId })),
  );
}

function isAbleAdministrator({ role, isDisabled }: { role: Role; isDisabled: boolean }): boolean {
  return role === 'administrator' && !isDisabled;
}

/** Makes the link a person sets a new password by. @throws AppError NOT_FOUND; CONFLICT for one who is disabled, or whom the identity provider signs in. */
export async function createPasswordLink(
  ctx: Context,
  { personId, actor }: { personId: string; actor: Actor },
): Promise<Link> {
  requirePasswordSignIn(ctx.env);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const { email, isDisabled } = await personIn(tx, personId);
    if (await isFromProvider(ctx, tx, personId))
      throw new AppError('CONFLICT', 'this person signs in through the identity provider: they have no password here', {
        personId,
      });
    if (isDisabled) throw new AppError('CONFLICT', 'this person is disabled: enable them first', { personId });
    await requireOnlyHere(ctx, tx, personId);
    const link = await makeLink(ctx, tx, { kind: 'password', email, personId }, actor);
    await audit.append(tx, actor, {
      action: 'person.reset-password',
      subjectId: personId,
      details: { linkId: link.id, tokenSha256: link.tokenSha256, expiresAt: link.expiresAt.toISOString() },
    });
    return link;
  });
}

/** `stored` is the word of their role, that of no role included. */
async function personIn(
  tx: Tx,
  personId: string,
): Promise<{ email: string; role: Role; stored: string | null; isDisabled: boolean }> {
  const row = await tx
    .selectFrom('user')
    .select(['email', 'role', 'banned'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'nobody has this id', { personId });
  return { email: row.email, role: roleOf(row.role), stored: row.role, isDisabled: row.banned === true };
}

/** Nobody who is an administrator no more lets people in by a link they made before. A person's links are by their address, as their actor is. */
async function endLinksBy(ctx: Context, tx: Tx, email: string): Promise<void> {
  await tx
    .updateTable('access_links')
    .set({ ended_at: ctx.now() })
    .where('created_by', '=', email)
    .where('ended_at', 'is', null)
    .execute();
}

/** Whether somebody else is an administrator who can sign in. The caller holds the lock of people: two who take each other's role away at once are one after the other. */
export async function hasAnotherAdministrator({ env }: Context, tx: Tx, personId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('user as u')
    .select('u.id')
    .where('u.role', '=', 'administrator')
    .where('u.id', '!=', personId)
    .where((where) => where.or([where('u.banned', 'is', null), where('u.banned', '=', false)]))
    .$if(env.oidc?.isOnly === true, (query) =>
      query.where((where) =>
        where.exists(
          where
            .selectFrom('account as a')
            .select('a.id')
            .whereRef('a.userId', '=', 'u.id')
            .where('a.providerId', '=', providerIdOf(env)),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
