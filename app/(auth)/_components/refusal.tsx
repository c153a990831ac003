import type { SignInRefusal } from '@/lib/schemas/sign-in-refusals';

/** What is so, and what to do. */
const WORDS: Record<SignInRefusal, (provider: string) => string> = {
  unreachable: (provider) =>
    `${provider} does not answer as an identity provider does. Try again in a minute; if it goes on, an administrator checks SEALTRAIL_OIDC_ISSUER and whether this server reaches it.`,
  client: (provider) =>
    `${provider} does not take this server’s client id and secret. An administrator compares SEALTRAIL_OIDC_CLIENT_ID and its secret with what is registered there.`,
  clock: (provider) =>
    `What ${provider} signed is not valid at this server’s time. Try again; if it goes on, one of the two clocks is off.`,
  attempt: () =>
    'This browser did not begin that sign-in, or more than ten minutes ago. Begin again here, in one window and with cookies allowed.',
  cancelled: (provider) => `Nobody was signed in: the sign-in at ${provider} was cancelled or not allowed.`,
  provider: (provider) =>
    `${provider} answered with an error. The log of this server has what it said; an administrator compares the address to return to, and the scopes, with what is registered there.`,
  token: (provider) =>
    `What came back is not what ${provider} signs for this server and this sign-in, so nobody was signed in. Begin again; if it goes on, tell an administrator.`,
  'no-email': (provider) =>
    `${provider} did not say an e-mail address. An administrator allows the scope email there, or adds it to SEALTRAIL_OIDC_SCOPES.`,
  'no-role': (provider) =>
    `None of your groups at ${provider} has a role here. Ask an administrator to put you in one that has, then sign in again.`,
  'known-email': () =>
    'Somebody here has your e-mail address already, who signs in another way. If it is you, sign in as before, or ask an administrator.',
  disabled: () => 'You are disabled here. Ask an administrator.',
  'last-administrator': (provider) =>
    `Your groups at ${provider} make you no administrator any more, and you are the last one who can sign in. Somebody else signs in as an administrator first.`,
  'too-many': () => 'Too many attempts from your address. Wait a minute, then try again.',
};

/** Why somebody who came back from the identity provider is not signed in. */
export function Refusal({ code, provider }: { code: SignInRefusal; provider: string }) {
  return (
    <p role="alert" className="mb-5 text-v-tampered [overflow-wrap:anywhere]">
      {WORDS[code](provider)}
    </p>
  );
}
