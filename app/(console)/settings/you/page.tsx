import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { isFromProvider } from '@/lib/access/oidc/accounts';
import { listSessions } from '@/lib/access/sessions';
import { relyingParty } from '@/lib/access/passkeys/relying-party';
import { secondFactorOf } from '@/lib/access/second-factor/standing';
import { ROLE_LABEL, ROLE_MEANS } from '@/lib/schemas/roles';
import { headers } from 'next/headers';
import { ChangePassword } from './_components/change-password';
import { Passkeys } from './_components/passkeys';
import { SecondFactorCard } from './_components/second-factor';
import { Sessions } from './_components/sessions';

export const metadata = { title: 'Your account' };

export default async function YourPage() {
  const { ctx, person } = await page();
  const [sessions, byProvider, secondFactor] = await Promise.all([
    listSessions(ctx, { personId: person.id, headers: await headers() }),
    isFromProvider(ctx, ctx.db, person.id),
    secondFactorOf(ctx, person.id),
  ]);
  return (
    <>
      <PageHead
        title="Your account"
        lead={`${person.name}, ${person.email}. You are an ${ROLE_LABEL[person.role].toLowerCase()}: ${ROLE_MEANS[person.role]}.`}
        above={
          <Link className="link inline-flex min-h-6 items-center text-xs" href="/settings">
            Settings
          </Link>
        }
      />
      <div className="max-w-[64rem] space-y-4">
        <Sessions sessions={sessions} />
        {byProvider ? (
          <p className="text-muted">
            You sign in through {ctx.env.oidc?.label}, where your password and your groups are. Your role is that of
            your groups there, as of each sign-in.
          </p>
        ) : (
          <>
            <SecondFactorCard state={secondFactor} email={person.email} />
            <Passkeys state={secondFactor} email={person.email} origin={relyingParty(ctx.env)?.origin ?? null} />
            <ChangePassword email={person.email} />
          </>
        )}
      </div>
    </>
  );
}
