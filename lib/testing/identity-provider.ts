import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export const CLIENT = { id: 'sealtrail', secret: 'what only the two know' };

/** What the provider says of somebody beside their subject. */
type Claims = { email?: string; email_verified?: boolean; name?: string; groups?: unknown };
type Token = { header: Record<string, unknown>; payload: Record<string, unknown> };
type Forge = (token: Token) => 'own' | 'none' | 'other' | 'kept';

export type IdentityProvider = {
  issuer: string;
  /** By subject, which is what is typed as login. Of one who is not there: `olu+team-a+team-b` is Olu of these two groups. */
  people: Map<string, Claims>;
  /** Changes an ID token, and says whether it is signed again by the provider's own key or another, not at all, or keeps the signature it had. */
  forge: Forge | null;
  /** Goes through the provider as a browser does: where it sends the browser back to. */
  signIn(authorizationUrl: string, login: string): Promise<string>;
  stop(): Promise<void>;
};

/** A certified provider on loopback: discovery, authorization code with PKCE, ID tokens by RS256. Everybody may sign in with any password. */
export async function startIdentityProvider(
  redirectUri: string,
  {
    inIdToken = true,
    port = 0,
  }: {
    port?: number;
    /** Whether address and groups stand in the ID token, or at the userinfo alone. */
    inIdToken?: boolean;
  } = {},
): Promise<IdentityProvider> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on an address
  const [own, other] = [keyPair(), keyPair()];
  const identityProvider: IdentityProvider = {
    issuer,
    people: new Map(),
    forge: null,
    signIn: (url, login) => signInAt(issuer, url, login),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...own.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomUUID()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: !inIdToken,
    findAccount: async (_, subject) => ({
      accountId: subject,
      claims: async () => ({ sub: subject, ...(identityProvider.people.get(subject) ?? claimsOf(subject)) }),
    }),
    loadExistingGrant: async ({ oidc: { client, session, provider: its } }) => {
      const grant = new its.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    if (identityProvider.forge && context.path === '/token' && isTokens(context.body))
      context.body.id_token = forged(context.body.id_token, identityProvider.forge, { own, other });
  });
  server.on('request', provider.callback());
  return identityProvider;
}

function claimsOf(subject: string): Claims {
  const [name = '', ...groups] = subject.split('+');
  return {
    email: `${name}@example.org`,
    email_verified: true,
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    groups,
  };
}

function keyPair() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
type Keys = Record<'own' | 'other', ReturnType<typeof keyPair>>;

function isTokens(body: unknown): body is { id_token: string } {
  return typeof body === 'object' && body !== null && 'id_token' in body;
}

function forged(token: string, forge: Forge, keys: Keys): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const read: Token = { header: partOf(header), payload: partOf(payload) };
  const by = forge(read);
  const text = [by === 'none' ? { ...read.header, alg: 'none' } : read.header, read.payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  if (by === 'none' || by === 'kept') return `${text}.${by === 'kept' ? signature : ''}`;
  return `${text}.${sign('sha256', Buffer.from(text), keys[by]).toString('base64url')}`;
}

function partOf(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>; // of a token of the provider's own
}

/** Follows where the provider leads within itself, with its cookies, and signs in where it asks to. */
async function signInAt(issuer: string, authorizationUrl: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, init]: [string, RequestInit] = [authorizationUrl, {}];
  for (let steps = 0; steps < 10; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    const form = location ? null : /<form[^>]* action="([^"]+)"/.exec(await answer.text())?.[1];
    if (!location && !form) throw new Error(`the provider answered ${answer.status} at ${url}`);
    url = new URL(location ?? form ?? '', issuer).href;
    if (!url.startsWith(issuer)) return url;
    init = form ? { method: 'POST', body: new URLSearchParams({ prompt: 'login', login, password: 'any' }) } : {};
  }
  throw new Error('the provider leads nowhere');
}
