import { Link } from '@/app/_components/ui/link';
import { RowLink } from '@/app/_components/list/row-link';
import { SortHead } from '@/app/_components/list/sort-head';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount, formatShare } from '@/app/_components/format/number';
import { MiniRibbon } from '@/app/_components/ribbon/mini-ribbon';
import type { RibbonChain } from '@/app/_components/ribbon/layout';
import { Time } from '@/app/_components/time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { Chain, ChainSort } from '@/lib/schemas/chains';

type Parts = ReadonlyMap<string, Omit<RibbonChain, 'records'>>;

export function ChainsTable({ chains, parts, sort }: { chains: readonly Chain[]; parts: Parts; sort: ChainSort }) {
  return (
    <div className="card">
      <Table label="Chains">
        <Head>
          <SortHead by="name" sort={sort}>
            Chain
          </SortHead>
          <SortHead by="verdict" sort={sort}>
            Verdict
          </SortHead>
          <HeadCell className="w-44">Ribbon</HeadCell>
          <SortHead by="records" sort={sort} numeric isDownFirst>
            Records
          </SortHead>
          <SortHead by="size" sort={sort} numeric isDownFirst className="max-lg:hidden">
            Size
          </SortHead>
          <SortHead by="signed" sort={sort} numeric isDownFirst>
            Signed
          </SortHead>
          <SortHead by="findings" sort={sort} numeric isDownFirst className="max-lg:hidden">
            Findings
          </SortHead>
          <SortHead by="last-record" sort={sort} numeric isDownFirst className="max-lg:hidden">
            Last record
          </SortHead>
        </Head>
        <Body>
          {chains.map((chain) => {
            return (
              <Row key={chain.id}>
                <RowHead className="max-w-80">
                  <RowLink href={`/chains/${chain.id}`} className="font-medium [overflow-wrap:anywhere]">
                    {chain.name}
                  </RowLink>{' '}
                  <span className="text-xs text-faint">
                    {FORMAT_LABEL[chain.format]}
                    {chain.deleted && ', records deleted'}
                  </span>
                </RowHead>
                <Cell label="Verdict">
                  <VerdictMark verdict={chain.verdict} />
                </Cell>
                <Cell label="Ribbon">
                  <MiniRibbon chain={chain} parts={parts.get(chain.id)} />
                </Cell>
                <Cell label="Records" numeric>
                  {formatCount(chain.records)}
                </Cell>
                <Cell label="Size" numeric className="wide-only text-muted max-lg:hidden">
                  {formatBytes(chain.bytes)}
                </Cell>
                <Cell label="Signed" numeric className="text-muted">
                  {formatShare(chain.attestedRecords, chain.records)}
                </Cell>
                <Cell label="Findings" numeric className="wide-only max-lg:hidden">
                  {chain.findings > 0 ? (
                    <Link className="link" href={`/findings?chain=${chain.id}`}>
                      {formatCount(chain.findings)}
                    </Link>
                  ) : (
                    <span className="text-faint">0</span>
                  )}
                </Cell>
                <Cell label="Last record" numeric className="whitespace-nowrap text-muted max-lg:hidden">
                  {chain.lastRecordedAt ? <Time at={chain.lastRecordedAt} /> : 'not stated'}
                </Cell>
              </Row>
            );
          })}
        </Body>
      </Table>
    </div>
  );
}
