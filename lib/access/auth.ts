import 'server-only';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin } from 'better-auth/plugins';
import type { Context } from '../context';
import { type Tx, openDatabase } from '../db/database';
import { MIN_PASSWORD_LENGTH } from '../schemas/password-length';
import { MAX_TOKEN_DAYS, MAX_TOKEN_NAME } from '../schemas/settings';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import { perContext } from '../per-context';
import { afterCall, beforeCall, beforeSession } from './auth-hooks';
import { tokenPrefix } from './workspaces/credential';
import { oidcEndpoints } from './oidc/endpoints';

/** Sessions last a week and are renewed once a day of use. */
const SESSION_SECONDS = 7 * 24 * 3600;

type Parts = Pick<Context, 'env' | 'pool' | 'log'>;

function options({ env, pool, log }: Parts, tx?: Tx) {
  const { protocol, port } = new URL(env.publicUrl);
  const db = openDatabase(pool);
  return {
    database: tx ? { db: tx, type: 'postgres' as const } : pool,
    secret: env.secret,
    baseURL: env.publicUrl,
    basePath: '/api/auth',
    // The loopback names mean the same machine; people type either.
    trustedOrigins: [
      env.publicUrl,
      ...['localhost', '127.0.0.1'].map((host) => `${protocol}//${host}${port ? `:${port}` : ''}`),
    ],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: 128,
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: 24 * 3600 },
    advanced: {
      cookiePrefix: 'sealtrail',
      useSecureCookies: protocol === 'https:',
      // Set by our own server from the connection.
      ipAddress: { ipAddressHeaders: ['x-sealtrail-peer'] },
      // The instance over the pool looks at the tables; in a transaction it cannot, and further workspaces have views of them.
      database: { validateSchema: !tx && env.workspaceId === DEFAULT_WORKSPACE },
    },
    rateLimit: {
      enabled: env.mode !== 'test',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/change-password': { window: 60, max: 10 },
        '/oidc/sign-in': { window: 60, max: 10 },
        '/oidc/callback': { window: 60, max: 10 },
      },
    },
    hooks: { before: beforeCall(db, env), after: afterCall(db) },
    databaseHooks: {
      session: {
        create: {
          before: (session: { userId: string }, call: { path?: string } | null) =>
            beforeSession(tx ?? db, session, call?.path),
        },
      },
    },
    // What is no answer of its own is said by the caller.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    logger: {
      log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) =>
        log[level === 'error' ? 'warn' : level]({ part: 'auth' }, message),
    },
    plugins: [
      admin(),
      oidcEndpoints,
      // Tokens are stored as SHA-256; the plugin's limit of ten requests a day is not for shippers.
      apiKey({
        defaultPrefix: tokenPrefix(env.workspaceId),
        defaultKeyLength: 40,
        rateLimit: { enabled: false },
        maximumNameLength: MAX_TOKEN_NAME,
        keyExpiration: { maxExpiresIn: MAX_TOKEN_DAYS },
        startingCharactersConfig: { shouldStore: true, charactersLength: tokenPrefix(env.workspaceId).length + 5 },
      }),
    ],
  };
}

function create(ctx: Parts, tx?: Tx) {
  return betterAuth(options(ctx, tx));
}
type Auth = ReturnType<typeof create>;

/** better-auth over the context's own pool. */
export const authOf = perContext('auth', (ctx): Auth => create(ctx));

/** The same within a transaction: what it changes is committed with what else is written there. */
export function authIn(ctx: Parts, tx: Tx): Auth {
  return create(ctx, tx);
}

/** Makes a session of somebody who is known to be who they say, in the caller's transaction: the lines of its cookies. */
export async function openSessionIn(
  ctx: Parts,
  tx: Tx,
  { personId, headers }: { personId: string; headers: Headers },
): Promise<string[]> {
  const answer = await authIn(ctx, tx).api.openSession({ body: { personId }, headers, asResponse: true });
  if (!answer.ok) throw new Error(`no session was made: ${await answer.text()}`);
  return answer.headers.getSetCookie();
}

/** Makes better-auth's own tables. The caller holds a lock: it is not safe to run twice at once. */
export async function migrateAuth(ctx: Parts): Promise<void> {
  const { runMigrations } = await getMigrations(options(ctx));
  await runMigrations();
}

/** The statements it does that by. */
export async function authStatements(ctx: Parts): Promise<string> {
  const { compileMigrations } = await getMigrations(options(ctx));
  return compileMigrations();
}
