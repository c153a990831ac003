import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type Search, one } from '@/app/(console)/params';
import { Link } from '@/app/_components/ui/link';
import { relyingParty } from '@/lib/access/passkeys/relying-party';
import { returnPath, signInPath } from '@/lib/access/return-path';
import { pendingPerson } from '@/lib/access/second-factor/pending';
import { secondFactorOf } from '@/lib/access/second-factor/standing';
import { context } from '@/lib/compose';
import { CodeForm } from '../../_components/code-form';
import { PasskeyButton } from '../../_components/passkey-button';

export const metadata = { title: 'Second factor' };

/** The second step of a sign-in that a password began in this browser. */
export default async function SecondFactorPage({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const to = returnPath(one(search['to']));
  const ctx = await context();
  const person = await pendingPerson(ctx, await headers());
  if (!person) redirect(signInPath(to));
  const { appSince, passkeys } = await secondFactorOf(ctx, person.id);
  const byRecoveryCode = one(search['with']) === 'recovery-code';
  const here = (by: string) => `/sign-in/second-factor?${new URLSearchParams({ to, ...(by && { with: by }) })}`;
  const origin = passkeys.length > 0 ? (relyingParty(ctx.env)?.origin ?? null) : null;
  const [title, lead] = byRecoveryCode
    ? ['Recovery code', 'One of the ten codes you were shown when you set up your second factor. Each is good once.']
    : appSince
      ? ['Code of your app', `The six digits that your authenticator app shows for ${person.email}.`]
      : ['Your passkey', `${person.email} signs in with a passkey.`];
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">{title}</h1>
      <p className="mb-5 text-muted [overflow-wrap:anywhere]">{lead}</p>
      <div className="space-y-4">
        {(byRecoveryCode || appSince) && (
          <CodeForm key={String(byRecoveryCode)} to={to} byRecoveryCode={byRecoveryCode} />
        )}
        {!byRecoveryCode && origin && <PasskeyButton to={to} origin={origin} />}
      </div>
      <p className="mt-5">
        <Link className="link inline-flex min-h-6 items-center" href={here(byRecoveryCode ? '' : 'recovery-code')}>
          {byRecoveryCode ? 'Use your second factor' : 'Use a recovery code'}
        </Link>
      </p>
      <p className="mt-2 text-muted">
        Neither is at hand? An administrator can take your second factor away, so that you set up a new one.
      </p>
    </>
  );
}
