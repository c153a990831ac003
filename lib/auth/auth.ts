import 'server-only';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin } from 'better-auth/plugins';
import type { Context } from '../context';
import { MAX_TOKEN_NAME } from '../schemas/settings';

export const TOKEN_PREFIX = 'st_';
/** Sessions last a week and are renewed once a day of use. */
const SESSION_SECONDS = 7 * 24 * 3600;

function options({ env, pool, log }: Pick<Context, 'env' | 'pool' | 'log'>) {
  const { protocol, port } = new URL(env.publicUrl);
  return {
    database: pool,
    secret: env.secret,
    baseURL: env.publicUrl,
    basePath: '/api/auth',
    // The loopback names mean the same machine; people type either.
    trustedOrigins: [env.publicUrl, ...['localhost', '127.0.0.1'].map((host) => `${protocol}//${host}${port ? `:${port}` : ''}`)],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_SECONDS, updateAge: 24 * 3600 },
    // Set by our own server from the connection.
    advanced: { cookiePrefix: 'sealtrail', useSecureCookies: protocol === 'https:', ipAddress: { ipAddressHeaders: ['x-sealtrail-peer'] } },
    rateLimit: { enabled: env.mode !== 'test', window: 60, max: 600, customRules: { '/sign-in/email': { window: 60, max: 10 } } },
    telemetry: { enabled: false },
    logger: {
      log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => log[level === 'error' ? 'warn' : level]({ part: 'auth' }, message),
    },
    plugins: [
      admin(),
      // Tokens are stored as SHA-256; the plugin's limit of ten requests a day is not for shippers.
      apiKey({ defaultPrefix: TOKEN_PREFIX, defaultKeyLength: 40, maximumNameLength: MAX_TOKEN_NAME, rateLimit: { enabled: false }, startingCharactersConfig: { shouldStore: true, charactersLength: 8 } }),
    ],
  };
}

function create(ctx: Pick<Context, 'env' | 'pool' | 'log'>) {
  return betterAuth(options(ctx));
}
export type Auth = ReturnType<typeof create>;

const instances = new WeakMap<object, Auth>();

/** better-auth over the context's own pool. */
export function authOf(ctx: Context): Auth {
  let auth = instances.get(ctx.pool);
  if (!auth) instances.set(ctx.pool, (auth = create(ctx)));
  return auth;
}

/** Makes better-auth's own tables. The caller holds a lock: it is not safe to run twice at once. */
export async function migrateAuth(ctx: Pick<Context, 'env' | 'pool' | 'log'>): Promise<void> {
  const { runMigrations } = await getMigrations(options(ctx));
  await runMigrations();
}
