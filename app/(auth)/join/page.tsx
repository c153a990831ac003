import { headers } from 'next/headers';
import { type Search, one } from '@/app/(console)/params';
import { Link } from '@/app/_components/ui/link';
import { linkedOf } from '@/app/_server/auth';
import { linkOf } from '@/lib/access/links';
import { hasAccount, personOf } from '@/lib/access/people';
import { signInPath } from '@/lib/access/return-path';
import { context } from '@/lib/compose';
import { type Role, ROLE_LABEL, ROLE_MEANS } from '@/lib/schemas/roles';
import { AcceptButton } from '../_components/accept-button';
import { JoinForm } from '../_components/join-form';

export const metadata = { title: 'Join' };

/** Where the link of an invitation, or of a new password, leads. To open it uses nothing up. */
export default async function JoinPage({ searchParams }: { searchParams: Search }) {
  const token = one((await searchParams)['token']) ?? '';
  const installation = await context();
  const ctx = await linkedOf(installation, token);
  const link = await linkOf(ctx, token);
  if (!link)
    return (
      <>
        <h1 className="mb-1 text-xl font-semibold">This link is not good any more</h1>
        <p className="text-muted">
          It was used, was taken back or has expired. Ask an administrator for a new one, or{' '}
          <Link href="/sign-in" className="link">
            sign in
          </Link>
          .
        </p>
      </>
    );
  if (link.role && (await hasAccount(installation, link.email))) {
    const person = await personOf(installation, await headers());
    return <Accept token={token} email={link.email} role={link.role} isSignedIn={person?.email === link.email} />;
  }
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">
        {link.role ? 'Join Sealtrail' : 'Set a new password'}
      </h1>
      <p className="mb-5 text-muted">
        {link.role
          ? `You are invited as an ${ROLE_LABEL[link.role].toLowerCase()}: ${ROLE_MEANS[link.role]}. This link works once.`
          : 'You are signed out everywhere when it is set. This link works once.'}
      </p>
      <JoinForm token={token} email={link.email} isInvited={link.role !== null} />
    </>
  );
}

/** Of somebody who has an account: it is what they come in with. */
function Accept({ token, email, role, isSignedIn }: { token: string; email: string; role: Role; isSignedIn: boolean }) {
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Join a workspace</h1>
      <p className="mb-5 text-muted">
        You are invited as an {ROLE_LABEL[role].toLowerCase()}: {ROLE_MEANS[role]}. You have an account here already,{' '}
        {email}. This link works once.
      </p>
      {isSignedIn ? (
        <AcceptButton token={token} />
      ) : (
        <Link href={signInPath(`/join?token=${encodeURIComponent(token)}`)} className="link">
          Sign in as {email} to join
        </Link>
      )}
    </>
  );
}
