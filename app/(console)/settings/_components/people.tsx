import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { Person } from '@/lib/schemas/settings';

const ROLE: Record<string, string> = { admin: 'Administrator', user: 'Member' };

export function People({ people, self }: { people: readonly Person[]; self: Person }) {
  return (
    <Card title="People" flush>
      <Table label="People">
        <Head>
          <HeadCell>Name</HeadCell>
          <HeadCell>E-mail</HeadCell>
          <HeadCell>Role</HeadCell>
        </Head>
        <Body>
          {people.map((person) => (
            <Row key={person.id}>
              <RowHead className="font-medium">
                {person.name}
                {person.id === self.id && <span className="font-normal text-faint"> (you)</span>}
              </RowHead>
              <Cell label="E-mail">{person.email}</Cell>
              <Cell label="Role">{ROLE[person.role] ?? person.role}</Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Card>
  );
}
