'use client';
import { useState } from 'react';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Ago, Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { ROLES, ROLE_LABEL } from '@/lib/schemas/roles';
import type { Account, CreatedLink } from '@/lib/schemas/settings';
import { AccountMenu } from './account-menu';
import { LinkDialog } from './link-dialog';
import { RoleChoice } from './role-choice';

const COLUMNS = ['name', 'role', 'signed-in', 'since'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (person: Account) => string | number | null> = {
  name: ({ name }) => name,
  role: ({ role }) => ROLES.indexOf(role),
  'signed-in': ({ lastSignInAt }) => lastSignInAt,
  since: ({ createdAt }) => createdAt,
};

/** Everybody who may sign in, or could. */
export function Accounts({
  people,
  asked,
  selfId,
  provider,
}: {
  people: readonly Account[];
  /** The order the address asks for. */
  asked: string | undefined;
  selfId: string;
  /** What the identity provider is called, whose groups give roles here; null where they give none. */
  provider: string | null;
}) {
  const sort = sortOf(asked, COLUMNS, 'name');
  const [link, setLink] = useState<{ made: CreatedLink; email: string } | null>(null);
  return (
    <Card title="People" total={people.length} flush>
      <Table label="People">
        <Head>
          <SortHead by="name" sort={sort}>
            Name
          </SortHead>
          <SortHead by="role" sort={sort}>
            Role
          </SortHead>
          <HeadCell>State</HeadCell>
          <SortHead by="signed-in" sort={sort} isDownFirst>
            Last sign-in
          </SortHead>
          <SortHead by="since" sort={sort} isDownFirst>
            Since
          </SortHead>
          <HiddenHeadCell>More</HiddenHeadCell>
        </Head>
        <Body>
          {sorted(people, sort, VALUES).map((person) => (
            <AccountRow
              key={person.id}
              person={person}
              isSelf={person.id === selfId}
              provider={provider}
              onLink={(made) => setLink({ made, email: person.email })}
            />
          ))}
        </Body>
      </Table>
      <LinkDialog
        link={link?.made ?? null}
        title="Link for a new password"
        email={link?.email ?? ''}
        onClose={() => setLink(null)}
      />
    </Card>
  );
}

function AccountRow({
  person,
  isSelf,
  provider,
  onLink,
}: {
  person: Account;
  isSelf: boolean;
  provider: string | null;
  onLink: (made: CreatedLink) => void;
}) {
  return (
    <Row>
      <RowHead className="py-1.5">
        <span className="font-medium [overflow-wrap:anywhere]">{person.name}</span>
        {isSelf && <span className="font-normal text-faint"> (you)</span>}
        <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">{person.email}</span>
      </RowHead>
      <Cell label="Role">
        <PersonRole person={person} provider={provider} />
      </Cell>
      <Cell label="State">
        {person.isDisabled ? <span className="text-v-tampered">Disabled</span> : 'Can sign in'}
        {person.hasSecondFactor && <span className="block text-xs text-muted">with a second factor</span>}
      </Cell>
      <Cell label="Last sign-in" className="text-muted">
        {person.lastSignInAt ? (
          <>
            <Time at={person.lastSignInAt} />, <Ago at={person.lastSignInAt} />
          </>
        ) : (
          'never'
        )}
      </Cell>
      <Cell label="Since" className="text-muted">
        <Time at={person.createdAt} as="date" />
      </Cell>
      <Cell numeric>
        <AccountMenu person={person} isSelf={isSelf} onLink={onLink} />
      </Cell>
    </Row>
  );
}

/** Of somebody the identity provider signs in it is said where the role comes from. */
function PersonRole({ person, provider }: { person: Account; provider: string | null }) {
  if (!person.isFromProvider || provider === null) return <RoleChoice person={person} />;
  return (
    <>
      {ROLE_LABEL[person.role]}
      <span className="block text-xs text-muted">by their groups at {provider}</span>
    </>
  );
}
