import type { ReactNode } from 'react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { RETENTION_LABEL } from '@/app/_components/retention/words';
import { Card } from '@/app/_components/ui/card';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { RetentionPage, RetentionState } from '@/lib/schemas/retention';

/** How many chains are in which state, each with its chains a click away. */
export function StatesCard({
  states,
  search,
  asked,
  children,
}: {
  states: RetentionPage['states'];
  search: Record<string, string | string[] | undefined>;
  /** States the list below is narrowed to. */
  asked: readonly RetentionState[] | undefined;
  children: ReactNode;
}) {
  const keepDays = [search['keepDays']].flat()[0];
  const address = (state: RetentionState | null) =>
    `/settings/retention?${new URLSearchParams({ ...(state && { state }), ...(keepDays && { keepDays }) }).toString()}`;
  return (
    <Card title="What can be deleted" flush>
      <div className="p-4">{children}</div>
      {states.length > 0 && (
        <Table label="States">
          <Head>
            <HeadCell>State</HeadCell>
            <HeadCell numeric>Chains</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell numeric>Bytes</HeadCell>
          </Head>
          <Body>
            {states.map(({ state, chains, records, bytes }) => (
              <Row key={state}>
                <RowHead>
                  <Link
                    className="link"
                    data-row-link
                    href={address(asked?.includes(state) ? null : state)}
                    aria-current={asked?.includes(state) ? 'true' : undefined}
                  >
                    {RETENTION_LABEL[state]}
                  </Link>
                  {asked?.includes(state) && <span className="font-normal text-faint"> (shown below)</span>}
                </RowHead>
                <Cell label="Chains" numeric>
                  {formatCount(chains)}
                </Cell>
                <Cell label="Records" numeric>
                  {formatCount(records)}
                </Cell>
                <Cell label="Bytes" numeric>
                  {formatBytes(bytes)}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      )}
    </Card>
  );
}
