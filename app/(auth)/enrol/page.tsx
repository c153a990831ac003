import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { relyingParty } from '@/lib/access/passkeys/relying-party';
import { personOf } from '@/lib/access/people';
import { context } from '@/lib/compose';
import { Enrol } from '../_components/enrol';

export const metadata = { title: 'Set up a second factor' };

/** Where somebody is led who has to have a second factor and has none. */
export default async function EnrolPage() {
  const ctx = await context();
  const person = await personOf(ctx, await headers());
  if (!person) redirect('/sign-in');
  if (!person.mustEnrol) redirect('/');
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Set up a second factor</h1>
      <p className="mb-5 text-muted">
        Everybody has to have one beside the password here, {person.name}. The rest of Sealtrail opens after that.
      </p>
      <Enrol email={person.email} origin={relyingParty(ctx.env)?.origin ?? null} />
    </>
  );
}
