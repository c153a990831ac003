import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, Row, RowHead, Table } from '@/app/_components/ui/table';
import { ROLE_LABEL } from '@/lib/schemas/roles';
import type { Account, Person } from '@/lib/schemas/settings';

const COLUMNS = ['name', 'email', 'role'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (person: Account) => string> = {
  name: ({ name }) => name,
  email: ({ email }) => email,
  role: ({ role }) => role,
};

export function People({
  people,
  asked,
  self,
}: {
  people: readonly Account[];
  /** The order the address asks for. */
  asked: string | undefined;
  self: Person;
}) {
  const order = { sort: sortOf(asked, COLUMNS, 'name'), param: 'people' };
  return (
    <Card title="People" total={people.length} flush>
      <Table label="People">
        <Head>
          <SortHead by="name" {...order}>
            Name
          </SortHead>
          <SortHead by="email" {...order}>
            E-mail
          </SortHead>
          <SortHead by="role" {...order}>
            Role
          </SortHead>
        </Head>
        <Body>
          {sorted(people, order.sort, VALUES).map((person) => (
            <Row key={person.id}>
              <RowHead className="font-medium">
                {person.name}
                {person.id === self.id && <span className="font-normal text-faint"> (you)</span>}
              </RowHead>
              <Cell label="E-mail">{person.email}</Cell>
              <Cell label="Role">
                {ROLE_LABEL[person.role]}
                {person.isDisabled && <span className="text-muted">, disabled</span>}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Card>
  );
}
