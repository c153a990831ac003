import 'server-only';
import * as client from 'openid-client';
import type { Context } from '../../context';
import type { Oidc } from '../../config/oidc-env';
import { OIDC_CALLBACK_PATH } from '../../schemas/sign-in-refusals';
import { perContextOnceMade } from '../../per-context';
import type { Attempt } from './attempt';

/** Of each question to the provider. */
const TIMEOUT_SECONDS = 10;
/** Between its clock and ours. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** What it states of itself is asked for again after that. */
const FRESH_MS = 3_600_000;

/** The provider as it describes itself. Throws what openid-client does. */
export const providerOf = perContextOnceMade('oidc-provider', discover, async (ctx, { atMs }) => {
  const age = ctx.now().getTime() - atMs;
  return age > FRESH_MS;
});

async function discover({ env: { oidc }, now }: Context): Promise<{ config: client.Configuration; atMs: number }> {
  if (!oidc) throw new Error('no identity provider is stated');
  const config = await client.discovery(
    new URL(oidc.issuer),
    oidc.clientId,
    { client_secret: oidc.clientSecret, [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    authenticationOf(oidc),
    {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // The signature of the ID token, though it comes from the provider itself.
        client.enableNonRepudiationChecks,
        // The configuration takes http of a provider on this machine alone.
        ...(oidc.issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
      ],
    },
  );
  return { config, atMs: now().getTime() };
}

/** OpenID Connect Core 1.0 section 9: HTTP Basic, unless the provider takes the secret in the body alone. */
function authenticationOf({ clientSecret }: Oidc): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(clientSecret), client.ClientSecretPost(clientSecret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported;
    return (!methods || methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** Where the provider is to send browsers back to, as it has to be registered there. */
export function callbackUrl({ publicUrl }: Context['env']): string {
  return new URL(OIDC_CALLBACK_PATH, publicUrl).href;
}

/** Begins a sign-in that goes on to `to`: what the browser keeps of it, and where it goes. Authorization code with PKCE, state and nonce. */
export async function beginAttempt(ctx: Context, to: string): Promise<{ attempt: Attempt; url: URL }> {
  const { config } = await providerOf(ctx);
  const attempt = {
    to,
    state: client.randomState(),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackUrl(ctx.env),
    scope: ctx.env.oidc?.scope ?? 'openid',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
    code_challenge_method: 'S256',
  });
  return { attempt, url };
}
