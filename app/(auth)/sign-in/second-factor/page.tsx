import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type Search, one } from '@/app/(console)/params';
import { Link } from '@/app/_components/ui/link';
import { returnPath, signInPath } from '@/lib/access/return-path';
import { pendingPerson } from '@/lib/access/second-factor/pending';
import { context } from '@/lib/compose';
import { CodeForm } from '../../_components/code-form';

export const metadata = { title: 'Second factor' };

/** The second step of a sign-in that a password began in this browser. */
export default async function SecondFactorPage({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const to = returnPath(one(search['to']));
  const ctx = await context();
  const person = await pendingPerson(ctx, await headers());
  if (!person) redirect(signInPath(to));
  const byRecoveryCode = one(search['with']) === 'recovery-code';
  const here = (by: string) => `/sign-in/second-factor?${new URLSearchParams({ to, ...(by && { with: by }) })}`;
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">
        {byRecoveryCode ? 'Recovery code' : 'Code of your app'}
      </h1>
      <p className="mb-5 text-muted [overflow-wrap:anywhere]">
        {byRecoveryCode
          ? 'One of the ten codes you were shown when you set up your app. Each is good once.'
          : `The six digits that your authenticator app shows for ${person.email}.`}
      </p>
      <CodeForm key={String(byRecoveryCode)} to={to} byRecoveryCode={byRecoveryCode} />
      <p className="mt-5">
        <Link className="link inline-flex min-h-6 items-center" href={here(byRecoveryCode ? '' : 'recovery-code')}>
          {byRecoveryCode ? 'Use your app' : 'Use a recovery code'}
        </Link>
      </p>
      <p className="mt-2 text-muted">
        Neither is at hand? An administrator can take your second factor away, so that you set up a new one.
      </p>
    </>
  );
}
