import 'server-only';
import * as client from 'openid-client';
import * as z from 'zod';
import type { Context } from '../../context';
import type { Attempt } from './attempt';
import { callbackUrl, providerOf } from './provider';

/** Control characters, and those that turn the direction of text around: a name is shown beside what it did. */
const UNSHOWN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/gu;
const MAX_NAME = 80;

/** What is not of the expected kind is as if it was not there. */
const Claims = z.object({
  email: z.email().max(200).optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
});
const Groups = z.union([z.array(z.string()), z.string().transform((group) => [group])]).catch([]);

/** Who the provider says somebody is. The issuer with the subject tells people apart, not their address. */
export type Identity = {
  subject: string;
  email: string | null;
  isEmailVerified: boolean;
  name: string;
  groups: string[];
};

/**
 * Takes the code a browser brings back to the provider, and reads who it is for: signature, issuer, audience, times and nonce of the ID token are
 * checked. What the ID token does not say is asked for at the provider's userinfo. Throws what openid-client does.
 */
export async function identityOf(
  ctx: Context,
  { search, attempt }: { search: string; attempt: Attempt },
): Promise<Identity> {
  const { config } = await providerOf(ctx);
  const tokens = await client.authorizationCodeGrant(config, new URL(search, callbackUrl(ctx.env)), {
    pkceCodeVerifier: attempt.codeVerifier,
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const { issuer, userinfo_endpoint: userinfo } = config.serverMetadata();
  // A provider of many issuers is not one issuer.
  if (claims?.iss !== issuer)
    throw Object.assign(new client.ClientError('the ID token is of another issuer'), {
      code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    });
  const groupsClaim = ctx.env.oidc?.groupsClaim ?? 'groups';
  const isWhole = claims['email'] !== undefined && claims[groupsClaim] !== undefined;
  const more = isWhole || !userinfo ? {} : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  return read({ claims, more, groupsClaim, subject: claims.sub });
}

function read({
  claims,
  more,
  groupsClaim,
  subject,
}: {
  claims: Record<string, unknown>;
  more: Record<string, unknown>;
  groupsClaim: string;
  subject: string;
}): Identity {
  const [first, second] = [Claims.parse(claims), Claims.parse(more)];
  // An address and whether it is verified are of one place.
  const { email = null, email_verified: isEmailVerified = false } = first.email === undefined ? second : first;
  const name = [first.name, second.name, first.preferred_username, second.preferred_username, email]
    .map((one) => one?.replaceAll(UNSHOWN, '').trim())
    .find(Boolean);
  return {
    subject,
    email: email?.toLowerCase() ?? null,
    isEmailVerified,
    name: (name ?? subject).slice(0, MAX_NAME),
    groups: Groups.parse(claims[groupsClaim] ?? more[groupsClaim]),
  };
}
