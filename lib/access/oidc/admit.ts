import 'server-only';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import type { Role } from '../../schemas/roles';
import type { SignInRefusal } from '../../schemas/sign-in-refusals';
import { personActor, systemActor } from '../actor';
import { authIn, openSessionIn } from '../auth';
import { changeIn, hasAnotherAdministrator } from '../change-person';
import { roleOf } from '../role-of';
import { removeSecondFactor } from '../second-factor/standing';
import { isFromProvider, providerIdOf } from './accounts';
import type { Identity } from './identity';
import { roleOfGroups } from './role-of-groups';

/** Who gives roles to people who come from the provider, and makes them. */
const PROVIDER = systemActor('oidc', 'identity provider');

type Known = { id: string; name: string; email: string; role: Role; isDisabled: boolean };

/**
 * Signs in whom the provider vouches for, with the role their groups have now: the cookies of the session, or why not. Somebody new becomes a person;
 * one who has the address already is taken for the same only by an address the provider says is verified, where the configuration allows it, and has
 * no password from then on. All of it is one transaction.
 */
export async function admit(
  ctx: Context,
  { identity, headers }: { identity: Identity; headers: Headers },
): Promise<{ cookies: string[] } | { refused: SignInRefusal }> {
  const role = roleOfGroups(identity.groups, ctx.env.oidc?.roles ?? []);
  return ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'people', '');
    const known = await personBySubject(ctx, tx, identity.subject);
    const namesake = known || !identity.email ? null : await personByEmail(tx, identity.email);
    const person = known ?? namesake;
    if (person?.isDisabled) return { refused: 'disabled' };
    if (role === null) return { refused: 'no-role' };
    if (namesake && !(await mayLink(ctx, tx, namesake, identity))) return { refused: 'known-email' };
    if (
      person?.role === 'administrator' &&
      role !== person.role &&
      !(await hasAnotherAdministrator(ctx, tx, person.id))
    )
      return { refused: 'last-administrator' };
    if (namesake) await link(ctx, tx, namesake.id, identity);
    if (!person && !identity.email) return { refused: 'no-email' };
    const id = person?.id ?? (await create(ctx, tx, { ...identity, email: identity.email ?? '' }, role));
    if (person) await changeIn(ctx, tx, { personId: id, role, actor: PROVIDER });
    const cookies = await openSessionIn(ctx, tx, { personId: id, headers });
    const actor = personActor({ id, email: person?.email ?? identity.email ?? '', role });
    await audit.append(tx, actor, { action: 'person.sign-in', subjectId: id, details: { by: 'oidc' } });
    return { cookies };
  });
}

function people(tx: Tx) {
  return tx.selectFrom('user as u').select(['u.id', 'u.name', 'u.email', 'u.role', 'u.banned']);
}

function knownOf(row: { id: string; name: string; email: string; role: string | null; banned: boolean | null }): Known {
  const { banned, role, ...rest } = row;
  return { ...rest, role: roleOf(role), isDisabled: banned === true };
}

async function personBySubject({ env }: Context, tx: Tx, subject: string): Promise<Known | null> {
  const row = await people(tx)
    .innerJoin('account as a', 'a.userId', 'u.id')
    .where('a.providerId', '=', providerIdOf(env))
    .where('a.accountId', '=', subject)
    .executeTakeFirst();
  return row ? knownOf(row) : null;
}

async function personByEmail(tx: Tx, email: string): Promise<Known | null> {
  const row = await people(tx).where('u.email', '=', email).executeTakeFirst();
  return row ? knownOf(row) : null;
}

/** An address that was another subject's before is somebody else's now. */
async function mayLink(ctx: Context, tx: Tx, { id }: Known, { isEmailVerified }: Identity): Promise<boolean> {
  return ctx.env.oidc?.mayLink === true && isEmailVerified && !(await isFromProvider(ctx, tx, id));
}

/** From here on the provider alone lets them in: their password, the links to a new one, their second factor and their sessions end. */
async function link(ctx: Context, tx: Tx, personId: string, { subject }: Identity): Promise<void> {
  await tx.deleteFrom('account').where('userId', '=', personId).execute();
  await addAccount(ctx, tx, personId, subject);
  await removeSecondFactor(tx, personId);
  await tx.deleteFrom('session').where('userId', '=', personId).execute();
  await tx
    .updateTable('access_links')
    .set({ ended_at: ctx.now() })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute();
  await audit.append(tx, PROVIDER, { action: 'person.link', subjectId: personId, details: { subject } });
}

async function create(
  ctx: Context,
  tx: Tx,
  { subject, email, name }: Identity & { email: string },
  role: Role,
): Promise<string> {
  const { user } = await authIn(ctx, tx).api.createUser({ body: { name, email, data: { role } } });
  await addAccount(ctx, tx, user.id, subject);
  await audit.append(tx, PROVIDER, { action: 'person.create', subjectId: user.id, details: { role, subject } });
  return user.id;
}

async function addAccount(ctx: Context, tx: Tx, userId: string, accountId: string): Promise<void> {
  const { internalAdapter } = await authIn(ctx, tx).$context;
  await internalAdapter.createAccount({ userId, accountId, providerId: providerIdOf(ctx.env) });
}
