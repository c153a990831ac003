import { type Search, one } from '@/app/(console)/params';
import { Link } from '@/app/_components/ui/link';
import { linkOf } from '@/lib/access/links';
import { context } from '@/lib/compose';
import { ROLE_LABEL, ROLE_MEANS } from '@/lib/schemas/roles';
import { JoinForm } from '../_components/join-form';

export const metadata = { title: 'Join' };

/** Where the link of an invitation, or of a new password, leads. To open it uses nothing up. */
export default async function JoinPage({ searchParams }: { searchParams: Search }) {
  const token = one((await searchParams)['token']) ?? '';
  const link = await linkOf(await context(), token);
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
