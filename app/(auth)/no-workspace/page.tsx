import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { personOf } from '@/lib/access/people';
import { context } from '@/lib/compose';
import { SignOutButton } from '../_components/sign-out-button';

export const metadata = { title: 'No workspace' };

/** Where somebody is led who may sign in and is a member of nothing. */
export default async function NoWorkspacePage() {
  const person = await personOf(await context(), await headers());
  if (!person) redirect('/sign-in');
  if (person.workspaceId !== null) redirect('/');
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">You are in no workspace</h1>
      <p className="mb-5 text-muted">
        You are signed in as {person.email}, and a member of no workspace. Ask an administrator of one to invite this
        address, then open the link they give you.
      </p>
      <SignOutButton />
    </>
  );
}
