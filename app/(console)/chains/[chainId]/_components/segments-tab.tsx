import { Body, Head, HeadCell, HiddenHeadCell, Table } from '@/app/_components/ui/table';
import type { ChainDetail, Segment } from '@/lib/schemas/chains';
import { OpenSegmentRow, SegmentRow } from './segment-row';
import { TableTop } from './table-top';

/** The immutable pieces the chain is stored in, each under the SHA-256 of its bytes. */
export function SegmentsTab({
  chain,
  segments,
  chosen,
}: {
  chain: ChainDetail;
  segments: readonly Segment[];
  chosen: number | null;
}) {
  return (
    <>
      <TableTop chainId={chain.id} table="segments" rows={chain.segments}>
        <p>Immutable pieces of the chain, stored under the SHA-256 of their bytes. Their order is the chain.</p>
      </TableTop>
      <div className="card">
        <Table label="Segments">
          <Head>
            <HeadCell>Segment</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell>Recorded</HeadCell>
            <HeadCell numeric>Size</HeadCell>
            <HeadCell>SHA-256</HeadCell>
            <HeadCell numeric>Problems</HeadCell>
            <HeadCell>Signed</HeadCell>
            <HiddenHeadCell>Download</HiddenHeadCell>
          </Head>
          <Body>
            {segments.map((segment) => (
              <SegmentRow
                key={segment.index}
                chainId={chain.id}
                segment={segment}
                isChosen={segment.index === chosen}
              />
            ))}
            {chain.tail && <OpenSegmentRow chain={chain} tail={chain.tail} />}
          </Body>
        </Table>
      </div>
    </>
  );
}
