import Link from 'next/link';
import { formatCount } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { AttestationDetail } from '@/lib/schemas/attestation-detail';

/** The chains of a period, each with its own verdict. */
export function Chains({ chains }: { chains: AttestationDetail['chains'] }) {
  return (
    <Card title={`${chains.length} chains`} flush>
      <Table label="Chains">
        <Head>
          <HeadCell>Chain</HeadCell>
          <HeadCell>Verdict</HeadCell>
          <HeadCell numeric>Records in the period</HeadCell>
          <HeadCell numeric>First</HeadCell>
          <HeadCell numeric>Last</HeadCell>
        </Head>
        <Body>
          {chains.map(({ chainId, chain, verdict, damaged, records, firstRecord, lastRecord }) => (
            <Row key={chainId}>
              <RowHead>
                <Link href={`/chains/${chainId}`} className="link [overflow-wrap:anywhere]">
                  {chain}
                </Link>
              </RowHead>
              <Cell label="Verdict">
                <VerdictMark verdict={verdict} damaged={damaged} />
              </Cell>
              <Cell label="Records" numeric>
                {formatCount(records)}
              </Cell>
              <Cell label="First" numeric>
                {records === 0 ? 'none' : formatCount(firstRecord)}
              </Cell>
              <Cell label="Last" numeric>
                {records === 0 ? 'none' : formatCount(lastRecord)}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Card>
  );
}
