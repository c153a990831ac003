import 'server-only';
import { defaultKeyHasher } from '@better-auth/api-key';
import * as z from 'zod';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { type ApiToken, Scope } from '../schemas/settings';
import type { Role } from '../schemas/roles';
import type { Actor } from './actor';
import { isMember, roleOf } from './role-of';
import { authIn, authOf } from './auth';
import { tokenPrefix } from './workspaces/credential';
import { shareNext } from './share-next';
import { perContext } from '../per-context';

const RESOURCE = 'sealtrail';
/** Beside what a token may do, the chains that it may do it to. */
const CHAINS = 'sealtrail.chains';
const DAY_SECONDS = 24 * 3600;

/** Makes a token; its text is in the answer and nowhere else. One that no person makes is the first administrator's. */
export async function createToken(
  ctx: Context,
  {
    name,
    scopes,
    expiresInDays = null,
    chains = null,
    actor,
  }: {
    name: string;
    scopes: Scope[];
    expiresInDays?: number | null;
    chains?: string[] | null;
    actor: Actor;
  },
): Promise<ApiToken & { token: string }> {
  const owner = actor.kind === 'person' ? actor.id : await firstPerson(ctx);
  const created = await ctx.db.transaction().execute(async (tx) => {
    const made = await authIn(ctx, tx).api.createApiKey({
      body: {
        name,
        userId: owner,
        prefix: tokenPrefix(ctx.env.workspaceId),
        permissions: { [RESOURCE]: scopes, ...(chains !== null && { [CHAINS]: chains }) },
        ...(expiresInDays !== null && { expiresIn: expiresInDays * DAY_SECONDS }),
      },
    });
    await audit.append(tx, actor, {
      action: 'token.create',
      subjectId: made.id,
      details: {
        scopes,
        expiresInDays,
        chains: chains?.length ?? null,
        chainsSha256: chains && ctx.hasher.sha256(Buffer.from(chains.join('\n'))),
      },
    });
    return made;
  });
  const maker = await ctx.db.selectFrom('user').select('email').where('id', '=', owner).executeTakeFirst();
  return {
    id: created.id,
    name,
    start: created.start ?? tokenPrefix(ctx.env.workspaceId),
    scopes,
    chains,
    createdAt: new Date(created.createdAt).toISOString(),
    lastUsedAt: null,
    expiresAt: created.expiresAt ? new Date(created.expiresAt).toISOString() : null,
    createdBy: maker?.email ?? null,
    token: created.key,
  };
}

/** Every token that was not revoked, newest first. */
export async function listTokens(ctx: Context): Promise<ApiToken[]> {
  const rows = await ctx.db
    .selectFrom('apikey as k')
    .leftJoin('user as u', 'u.id', 'k.referenceId')
    .select(['k.id', 'k.name', 'k.start', 'k.permissions', 'k.createdAt', 'k.lastRequest', 'k.expiresAt', 'u.email'])
    .orderBy('k.createdAt', 'desc')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name ?? '',
    start: row.start ?? tokenPrefix(ctx.env.workspaceId),
    ...limitsOf(row.permissions),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastRequest?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdBy: row.email,
  }));
}

/** Ends a token at once. @throws AppError NOT_FOUND. */
export async function revokeToken(ctx: Context, { tokenId, actor }: { tokenId: string; actor: Actor }): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('apikey').where('id', '=', tokenId).executeTakeFirst();
    if (numDeletedRows === 0n) throw new AppError('NOT_FOUND', 'no token has this id', { tokenId });
    await audit.append(tx, actor, { action: 'token.revoke', subjectId: tokenId });
  });
}

/** What a bearer token may do; null when it is not one of ours. @throws AppError UNAVAILABLE, and what the database throws when it does not answer. */
export async function verifyToken(ctx: Context, token: string): Promise<Verified | null> {
  if (!token.startsWith(tokenPrefix(ctx.env.workspaceId))) return null;
  return sharedCheck(ctx)(token);
}

/** `role` is that of its maker, at this moment. */
type Verified = { id: string; name: string; scopes: Scope[]; chains: string[] | null; role: Role };
/** Each check notes when the token was used, in one row: a burst of requests would queue there one by one. */
const sharedCheck = perContext('token-checks', (ctx) => shareNext((token: string) => check(ctx, token)));

async function check(ctx: Context, token: string): Promise<Verified | null> {
  const { valid, key } = await authOf(ctx).api.verifyApiKey({ body: { key: token } });
  if (!valid || !key) {
    // The plugin says "invalid" when the database does not answer, too; a shipper that believed it would drop its data.
    const known = await ctx.db
      .selectFrom('apikey')
      .select('expiresAt')
      .where('key', '=', await defaultKeyHasher(token))
      .executeTakeFirst();
    if (known && (known.expiresAt === null || known.expiresAt > ctx.now()))
      throw new AppError('UNAVAILABLE', 'the token could not be checked just now; try again');
    return null;
  }
  const maker = await ctx.db
    .selectFrom('user')
    .select(['role', 'banned'])
    .where('id', '=', key.referenceId)
    .executeTakeFirst();
  if (!maker || maker.banned || !isMember(maker.role)) return null;
  return {
    id: key.id,
    name: key.name ?? key.id,
    role: roleOf(maker.role),
    ...limitsOf(key.permissions ? JSON.stringify(key.permissions) : null),
  };
}

const Permissions = z
  .object({ [RESOURCE]: Scope.array(), [CHAINS]: z.array(z.string()).optional() })
  // What is not understood allows nothing.
  .catch({ [RESOURCE]: [], [CHAINS]: [] });

function limitsOf(permissions: string | null): { scopes: Scope[]; chains: string[] | null } {
  const { [RESOURCE]: scopes, [CHAINS]: chains } = Permissions.parse(permissions ? JSON.parse(permissions) : {});
  return { scopes, chains: chains ?? null };
}

async function firstPerson(ctx: Context): Promise<string> {
  const row = await ctx.db
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'administrator')
    .where((where) => where.or([where('banned', 'is', null), where('banned', '=', false)]))
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst();
  if (!row)
    throw new AppError(
      'CONFLICT',
      'there is no administrator yet: open the set-up link or set SEALTRAIL_ADMIN_EMAIL and SEALTRAIL_ADMIN_PASSWORD',
    );
  return row.id;
}
