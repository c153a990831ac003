import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Role } from '../schemas/roles';
import type { Account, Person } from '../schemas/settings';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Membership } from '../schemas/workspaces';
import type { Tx } from '../db/database';
import type { Actor } from './actor';
import { authIn, authOf } from './auth';
import { PASSWORD, providerIdOf } from './oidc/accounts';
import { passwordDigest } from './password-digest';
import { requirePassword } from './password-rules';
import { NO_MEMBER, roleOf } from './role-of';
import { hasSecondFactor } from './second-factor/standing';
import { recordOfAccount } from './workspaces/record-account';
import { membershipsOf } from './workspaces/workspaces';

/** Everybody who ever was a member of the workspace, those who came first first; at most 500. */
export async function listPeople(ctx: Context): Promise<Account[]> {
  const rows = await ctx.db
    .selectFrom('user as u')
    .leftJoin('account as p', (join) =>
      join.onRef('p.userId', '=', 'u.id').on('p.providerId', '=', providerIdOf(ctx.env)),
    )
    .leftJoin('totp_secrets as t', (join) =>
      join.onRef('t.person_id', '=', 'u.id').on('t.confirmed_at', 'is not', null),
    )
    .select(['u.id', 'u.name', 'u.email', 'u.role', 'u.banned', 'u.createdAt', 'p.id as atProvider'])
    .select('t.person_id as withApp')
    .select((select) =>
      select
        .exists(select.selectFrom('passkeys as k').select('k.id').whereRef('k.person_id', '=', 'u.id'))
        .as('withKey'),
    )
    .select((select) =>
      signIns(ctx)
        .whereRef('a.actor_id', '=', select.ref('u.id'))
        .orderBy('a.id', 'desc')
        .limit(1)
        .as('last_sign_in_at'),
    )
    .where('u.role', 'is distinct from', NO_MEMBER)
    .orderBy('u.createdAt')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    role: roleOf(row.role),
    isFromProvider: row.atProvider !== null,
    isDisabled: row.banned === true,
    hasSecondFactor: row.withApp !== null || row.withKey === true,
    createdAt: row.createdAt.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  }));
}

/** Sign-ins are recorded in the default workspace. */
function signIns({ db, env }: Context) {
  return env.workspaceId === DEFAULT_WORKSPACE
    ? db.selectFrom('audit_log as a').select('a.occurred_at').where('a.action', '=', 'person.sign-in')
    : db.selectFrom('sign_ins as a').select('a.occurred_at');
}

/** Who asks, by the session of their browser. */
export type SignedInPerson = Person & {
  sessionId: string;
  /** They are let into nothing but setting up a second factor. */
  mustEnrol: boolean;
  /** The one this session is in, which `role` is that of; null for who is a member of none. */
  workspaceId: string | null;
  /** All they are a member of. */
  workspaces: readonly Membership[];
};

/**
 * The person a request's session cookie belongs to, and the workspace it is in. Sessions are the installation's: `ctx` is that of the default workspace; null without a valid one, for a person who is disabled, and once the identity provider is to be asked
 * again. @throws AppError UNAVAILABLE.
 */
export async function personOf(ctx: Context, headers: Headers): Promise<SignedInPerson | null> {
  const session = await authOf(ctx)
    .api.getSession({ headers })
    .catch((error: unknown) => {
      throw new AppError('UNAVAILABLE', 'the session could not be checked just now; try again', {}, { cause: error });
    });
  if (!session) return null;
  const row = await ctx.db
    .selectFrom('user as u')
    .leftJoin('account as a', (join) =>
      join.onRef('a.userId', '=', 'u.id').on('a.providerId', 'in', [PASSWORD, providerIdOf(ctx.env)]),
    )
    .select(['u.id', 'u.name', 'u.email', 'u.role', 'u.banned', 'a.providerId'])
    .select((select) => select.selectFrom('access_policy').select('requires_second_factor').as('isRequired'))
    .where('u.id', '=', session.user.id)
    .executeTakeFirst();
  if (!row || row.banned) return null;
  if (!isLetIn(ctx, row.providerId, session.session.createdAt)) return null;
  await recordUse(ctx, session.session);
  const { id, name, email } = row;
  const mustEnrol = row.isRequired === true && row.providerId === PASSWORD && !(await hasSecondFactor(ctx.db, id));
  const workspaces = await membershipsOf(ctx, row);
  const chosen = workspaces.length > 1 ? await chosenWorkspace(ctx, session.session.id) : null;
  const active = workspaces.find((one) => one.id === chosen) ?? workspaces[0];
  const role = active?.role ?? 'auditor';
  const sessionId = session.session.id;
  return { id, name, email, role, sessionId, mustEnrol, workspaceId: active?.id ?? null, workspaces };
}

async function chosenWorkspace({ db }: Context, sessionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('session_workspaces')
    .select('workspace_id')
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row?.workspace_id ?? null;
}

/** @throws AppError SECOND_FACTOR_REQUIRED for somebody who has to set one up before anything else. */
export function requireEnrolled({ mustEnrol }: Pick<SignedInPerson, 'mustEnrol'>): void {
  if (mustEnrol)
    throw new AppError(
      'SECOND_FACTOR_REQUIRED',
      'everybody has to have a second factor here: set one up under Your account, then go on',
    );
}

/** Whether the one way in that somebody has lets them in still. Sessions of those the identity provider signs in are renewed by it alone. */
function isLetIn({ env: { oidc }, now }: Context, by: string | null, signedInAt: Date): boolean {
  if (by === PASSWORD) return !oidc?.isOnly;
  return by !== null && oidc !== null && now().getTime() - signedInAt.getTime() < oidc.sessionMs;
}

const USE_MS = 5 * 60_000;

/** Notes that a session is used, once in five minutes. A disk that takes no more writes keeps nobody from reading. */
async function recordUse(ctx: Context, { id, updatedAt }: { id: string; updatedAt: Date }): Promise<void> {
  if (ctx.now().getTime() - updatedAt.getTime() < USE_MS) return;
  await ctx.db
    .updateTable('session')
    .set({ updatedAt: ctx.now() })
    .where('id', '=', id)
    .execute()
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'that a session is used was not noted'));
}

/** Whether somebody signs in by this address, whatever they are a member of. `ctx` is that of the default workspace. */
export async function hasAccount({ db }: Context, email: string): Promise<boolean> {
  const row = await db.selectFrom('user').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
  return row !== undefined;
}

/** @throws AppError BAD_REQUEST for a password that is easily guessed; CONFLICT for an address somebody has already. */
export async function createPerson(
  ctx: Context,
  tx: Tx,
  { actor, name, email, role, password }: { actor: Actor; name: string; email: string; role: Role; password: string },
): Promise<Person> {
  requirePassword(password, { email, name });
  const known = await tx.selectFrom('user').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
  if (known) throw new AppError('CONFLICT', 'somebody has this address already', { personId: known.id });
  const { user } = await authIn(ctx, tx).api.createUser({ body: { name, email, password, data: { role } } });
  const kept = { keptSha256: await passwordDigest(tx, user.id) };
  const made = { action: 'person.create', subjectId: user.id } as const;
  await recordOfAccount(
    ctx,
    tx,
    actor,
    { ...made, details: { role, ...kept } },
    { ...made, details: { role: NO_MEMBER, ...kept } },
  );
  return { id: user.id, name: user.name, email: user.email, role };
}
