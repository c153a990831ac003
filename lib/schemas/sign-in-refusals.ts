/** Why somebody who comes from the identity provider is not let in: what the address of the sign-in page carries. */
export const SIGN_IN_REFUSALS = [
  /** Neither the provider nor its keys can be had. */
  'unreachable',
  /** The provider does not take the client id with its secret. */
  'client',
  /** The ID token is not valid at this time. */
  'clock',
  /** This browser began no sign-in, or another one, or too long ago. */
  'attempt',
  /** The person, or the provider, said no. */
  'cancelled',
  /** Any other error the provider answers. */
  'provider',
  /** The ID token is not from this provider, for this client and for this sign-in. */
  'token',
  'no-email',
  /** None of the groups has a role here. */
  'no-role',
  /** Somebody else has the address. */
  'known-email',
  'disabled',
  'last-administrator',
  'too-many',
] as const;
export type SignInRefusal = (typeof SIGN_IN_REFUSALS)[number];

/** Where a browser begins to sign in through the provider, and where the provider sends it back to. */
export const OIDC_SIGN_IN_PATH = '/api/auth/oidc/sign-in';
export const OIDC_CALLBACK_PATH = '/api/auth/oidc/callback';
