import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type Search, one } from '@/app/(console)/params';
import { SwitchButton } from '@/app/_components/frame/switch-button';
import { Link } from '@/app/_components/ui/link';
import { personOf } from '@/lib/access/people';
import { returnPath, signInPath } from '@/lib/access/return-path';
import { context } from '@/lib/compose';

export const metadata = { title: 'Open' };

/** Where a link to a page of a further workspace leads: on to it, or first into that workspace. To open it changes nothing. */
export default async function OpenPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const workspaceId = one(params['workspace']) ?? '';
  const to = returnPath(one(params['to']));
  const sent = await headers();
  const person = await personOf(await context(), sent);
  if (!person) redirect(signInPath(sent.get('x-sealtrail-address')));
  if (person.mustEnrol) redirect('/enrol');
  if (person.workspaceId === workspaceId) redirect(to);
  const there = person.workspaces.find(({ id }) => id === workspaceId);
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">
        {there ? `This is in the workspace ${there.name}` : 'This is in a workspace you are no member of'}
      </h1>
      <p className="mb-5 text-muted">
        {there ? (
          'Your session is in another one. It goes there, in all tabs of this browser.'
        ) : (
          <>
            Ask an administrator of it to invite {person.email}, or go on to{' '}
            <Link href="/" className="link">
              where you are
            </Link>
            .
          </>
        )}
      </p>
      {there && <SwitchButton id={there.id} name={there.name} to={to} />}
    </>
  );
}
