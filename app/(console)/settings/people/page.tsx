import { NeedsRole } from '@/app/_components/access/needs-role';
import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { listInvitations } from '@/lib/access/invitations';
import { listPeople } from '@/lib/access/people';
import { accessPolicy } from '@/lib/access/second-factor/policy';
import { hasRoleFor } from '@/lib/schemas/roles';
import { DEFAULT_WORKSPACE } from '@/lib/schemas/workspace-id';
import { type Search, one } from '../../params';
import { AccessPolicyCard } from './_components/access-policy';
import { Accounts } from './_components/accounts';
import { Invitations } from './_components/invitations';
import { InviteButton } from './_components/invite-button';

export const metadata = { title: 'People' };

export default async function PeoplePage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  if (!hasRoleFor(person.role, 'administrator'))
    return <NeedsRole title="People" need="administrator" role={person.role} />;
  const { oidc, workspaceId } = ctx.env;
  const isDefault = workspaceId === DEFAULT_WORKSPACE;
  const mayInvite = !isDefault || !oidc?.isOnly;
  const [people, invitations, policy] = await Promise.all([listPeople(ctx), listInvitations(ctx), accessPolicy(ctx)]);
  const without = people.filter((one) => !one.isDisabled && !one.isFromProvider && !one.hasSecondFactor).length;
  return (
    <>
      <PageHead
        title="People"
        lead={`Who may sign in, and what they may do. What somebody did stays under their name when they are disabled.${oidc && isDefault ? atProvider(oidc) : ''}`}
        above={
          <Link className="link inline-flex min-h-6 items-center text-xs" href="/settings">
            Settings
          </Link>
        }
        {...(mayInvite && { actions: <InviteButton /> })}
      />
      <div className="max-w-[72rem] space-y-4">
        <Accounts
          people={people}
          asked={one((await searchParams)['sort'])}
          selfId={person.id}
          provider={isDefault ? (oidc?.label ?? '') : null}
        />
        {!oidc?.isOnly && isDefault && <AccessPolicyCard policy={policy} without={without} />}
        {invitations.length > 0 && <Invitations invitations={invitations} />}
      </div>
    </>
  );
}

/** Who is not invited, and where their role is changed. */
function atProvider({ label, isOnly }: { label: string; isOnly: boolean }): string {
  return ` ${isOnly ? 'Everybody signs' : 'Others sign'} in through ${label}: their role is that of their groups there, as of each sign-in, and is not changed here.`;
}
