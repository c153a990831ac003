'use client';
import { Only } from '@/app/_components/access/role';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { RETENTION_LABEL, keepWords } from '@/app/_components/retention/words';
import { Time } from '@/app/_components/time/time';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ChainRetention } from '@/lib/schemas/retention';
import { RetentionMenu } from './retention-menu';

export function RetentionTable({
  chains,
  isTried,
}: {
  chains: readonly ChainRetention[];
  /** It is shown as another policy would have it: nothing is offered on the strength of that. */
  isTried: boolean;
}) {
  return (
    <div className="card">
      <Table label="Chains and their retention">
        <Head>
          <HeadCell>Chain</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell>Kept for</HeadCell>
          <HeadCell>Until</HeadCell>
          <HeadCell numeric>Records</HeadCell>
          <HeadCell numeric>Size</HeadCell>
          <HiddenHeadCell>More</HiddenHeadCell>
        </Head>
        <Body>
          {chains.map((chain) => (
            <Row key={chain.chainId}>
              <RowHead className="[overflow-wrap:anywhere]">
                <Link className="link" href={`/chains/${chain.chainId}`}>
                  {chain.chain}
                </Link>
              </RowHead>
              <Cell label="State">
                <State chain={chain} />
              </Cell>
              <Cell label="Kept for">
                {keepWords(chain.keepDays)}
                {chain.isOwn && <span className="text-muted">, its own</span>}
              </Cell>
              <Cell label="Until" className="whitespace-nowrap">
                {chain.endsAt ? <Time at={chain.endsAt} as="day" /> : 'for ever'}
              </Cell>
              <Cell label="Records" numeric>
                {formatCount(chain.records)}
              </Cell>
              <Cell label="Size" numeric>
                {formatBytes(chain.bytes)}
              </Cell>
              <Cell numeric>
                <Only need="administrator">{!isTried && <RetentionMenu chain={chain} />}</Only>
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

function State({ chain: { state, deletion } }: { chain: ChainRetention }) {
  return (
    <>
      <span className={state === 'deletable' ? 'font-medium' : state === 'damaged' ? 'text-v-tampered' : undefined}>
        {RETENTION_LABEL[state]}
      </span>
      {deletion?.deletedAt && (
        <span className="block text-xs text-muted">
          <Time at={deletion.deletedAt} />, asked for by {deletion.requestedBy}
        </span>
      )}
      {deletion?.failure && (
        <span className="block text-xs text-v-tampered [overflow-wrap:anywhere]">
          {deletion.failed ? 'Not deleted' : 'Not yet'}: {deletion.failure}
        </span>
      )}
    </>
  );
}
