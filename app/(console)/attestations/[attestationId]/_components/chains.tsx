import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import type { AttestationDetail } from '@/lib/schemas/attestation-detail';

type Chain = AttestationDetail['chains'][number];
const COLUMNS = ['name', 'verdict', 'records'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (chain: Chain) => string | number> = {
  name: ({ chain }) => chain,
  verdict: ({ verdict }) => CHAIN_VERDICTS.indexOf(verdict),
  records: ({ records }) => records,
};

/** The chains of a period, each with its own verdict. */
export function Chains({ chains, asked }: { chains: Chain[]; asked: string | undefined }) {
  const sort = sortOf(asked, COLUMNS, 'name');
  return (
    <Card title={formatNoun(chains.length, 'chain')} flush>
      <Table label="Chains">
        <Head>
          <SortHead by="name" sort={sort}>
            Chain
          </SortHead>
          <SortHead by="verdict" sort={sort}>
            Verdict
          </SortHead>
          <SortHead by="records" sort={sort} numeric isDownFirst>
            Records in the period
          </SortHead>
          <HeadCell numeric>First</HeadCell>
          <HeadCell numeric>Last</HeadCell>
        </Head>
        <Body>
          {sorted(chains, sort, VALUES).map(
            ({ chainId, chain, verdict, damaged, records, firstRecord, lastRecord }) => (
              <Row key={chainId}>
                <RowHead>
                  <RowLink href={`/chains/${chainId}`} className="[overflow-wrap:anywhere]">
                    {chain}
                  </RowLink>
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
            ),
          )}
        </Body>
      </Table>
    </Card>
  );
}
