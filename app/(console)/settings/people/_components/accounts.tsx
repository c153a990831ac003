'use client';
import { useState } from 'react';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Ago, Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { ROLES } from '@/lib/schemas/roles';
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
}: {
  people: readonly Account[];
  /** The order the address asks for. */
  asked: string | undefined;
  selfId: string;
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
            <Row key={person.id}>
              <RowHead className="py-1.5">
                <span className="font-medium [overflow-wrap:anywhere]">{person.name}</span>
                {person.id === selfId && <span className="font-normal text-faint"> (you)</span>}
                <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">{person.email}</span>
              </RowHead>
              <Cell label="Role">
                <RoleChoice person={person} />
              </Cell>
              <Cell label="State">
                {person.isDisabled ? <span className="text-v-tampered">Disabled</span> : 'Can sign in'}
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
                <AccountMenu
                  person={person}
                  isSelf={person.id === selfId}
                  onLink={(made) => setLink({ made, email: person.email })}
                />
              </Cell>
            </Row>
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
