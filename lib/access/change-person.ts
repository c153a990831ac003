import 'server-only';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { Role } from '../schemas/roles';
import type { Actor } from './actor';
import { type Link, makeLink } from './links';
import { roleOf } from './role-of';

/**
 * Gives a person another role, or lets them in no more, or again; what they did stays under their name. Disabling ends their sessions, and their tokens are
 * refused for as long; links that an administrator made end with their role. @throws AppError NOT_FOUND; CONFLICT when no administrator would be left who can sign in.
 */
export async function changePerson(
  ctx: Context,
  {
    personId,
    role,
    isDisabled,
    actor,
  }: { personId: string; role?: Role | undefined; isDisabled?: boolean | undefined; actor: Actor },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const before = await personIn(tx, personId);
    const after = { role: role ?? before.role, isDisabled: isDisabled ?? before.isDisabled };
    if (after.role !== 'administrator' || after.isDisabled) await requireAnotherAdministrator(tx, personId);
    await tx
      .updateTable('user')
      .set({ role: after.role, banned: after.isDisabled })
      .where('id', '=', personId)
      .execute();
    if (after.role !== 'administrator' || after.isDisabled) await endLinksBy(ctx, tx, before.email);
    if (after.isDisabled) await tx.deleteFrom('session').where('userId', '=', personId).execute();
    const acts = [
      ...(after.role === before.role
        ? []
        : [{ action: 'person.change-role' as const, details: { from: before.role, to: after.role } }]),
      ...(after.isDisabled === before.isDisabled
        ? []
        : [{ action: after.isDisabled ? ('person.disable' as const) : ('person.enable' as const) }]),
    ];
    await audit.appendAll(
      tx,
      acts.map((act) => ({ ...act, actor, subjectId: personId })),
    );
  });
}

/** Makes the link a person sets a new password by. @throws AppError NOT_FOUND; CONFLICT for one who is disabled. */
export async function createPasswordLink(
  ctx: Context,
  { personId, actor }: { personId: string; actor: Actor },
): Promise<Link> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const { email, isDisabled } = await personIn(tx, personId);
    if (isDisabled) throw new AppError('CONFLICT', 'this person is disabled: enable them first', { personId });
    const link = await makeLink(ctx, tx, { kind: 'password', email, personId }, actor);
    await audit.append(tx, actor, { action: 'person.reset-password', subjectId: personId });
    return link;
  });
}

async function personIn(tx: Tx, personId: string): Promise<{ email: string; role: Role; isDisabled: boolean }> {
  const row = await tx
    .selectFrom('user')
    .select(['email', 'role', 'banned'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'nobody has this id', { personId });
  return { email: row.email, role: roleOf(row.role), isDisabled: row.banned === true };
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

/** The caller holds the lock of people: two who take each other's role away at once are one after the other. */
async function requireAnotherAdministrator(tx: Tx, personId: string): Promise<void> {
  const other = await tx
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'administrator')
    .where('id', '!=', personId)
    .where((where) => where.or([where('banned', 'is', null), where('banned', '=', false)]))
    .limit(1)
    .executeTakeFirst();
  if (!other)
    throw new AppError('CONFLICT', 'this is the last administrator who can sign in: make somebody else one first', {
      personId,
    });
}
