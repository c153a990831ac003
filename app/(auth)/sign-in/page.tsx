import { type Search, one } from '@/app/(console)/params';
import { buttonClass } from '@/app/_components/ui/button-class';
import { relyingParty } from '@/lib/access/passkeys/relying-party';
import { returnPath } from '@/lib/access/return-path';
import { context } from '@/lib/compose';
import { OIDC_SIGN_IN_PATH, SIGN_IN_REFUSALS } from '@/lib/schemas/sign-in-refusals';
import { PasskeyButton } from '../_components/passkey-button';
import { Refusal } from '../_components/refusal';
import { SignInForm } from '../_components/sign-in-form';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const { to: asked, refused } = await searchParams;
  const to = returnPath(one(asked));
  const refusal = one(refused);
  const { env } = await context();
  const { oidc } = env;
  const party = oidc?.isOnly ? null : relyingParty(env);
  const code = oidc ? SIGN_IN_REFUSALS.find((known) => known === refusal) : undefined;
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Sign in</h1>
      <p className="mb-5 text-muted">To see whether the evidence holds.</p>
      {code && <Refusal code={code} provider={oidc?.label ?? ''} />}
      {oidc && (
        // No link of ours: that would fetch what is behind it before anybody asks.
        <a
          href={`${OIDC_SIGN_IN_PATH}?to=${encodeURIComponent(to)}`}
          className={`${buttonClass(oidc.isOnly ? 'primary' : 'plain')} w-full`}
        >
          Sign in with {oidc.label}
        </a>
      )}
      {oidc && !oidc.isOnly && (
        <p className="my-4 flex items-center gap-3 text-xs text-muted before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
          or with your password
        </p>
      )}
      {!oidc?.isOnly && <SignInForm to={to} />}
      {party && (
        <div className="mt-3">
          <PasskeyButton to={to} origin={party.origin} />
        </div>
      )}
    </>
  );
}
