import { ListFoot } from '@/app/_components/list/list-foot';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Body, Head, HeadCell, HiddenHeadCell, Table } from '@/app/_components/ui/table';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import type { ChainDetail, Segment } from '@/lib/schemas/chains';
import { OpenSegmentRow, SegmentRow } from './segment-row';
import { TableTop } from './table-top';

const COLUMNS = ['segment', 'verdict', 'records', 'size', 'problems'] as const;
type Column = (typeof COLUMNS)[number];
const VALUES: Record<Column, (segment: Segment) => number> = {
  segment: ({ index }) => index,
  verdict: ({ verdict }) => CHAIN_VERDICTS.indexOf(verdict),
  records: ({ records }) => records,
  size: ({ bytes }) => bytes,
  problems: ({ problems }) => problems,
};

/** The immutable pieces the chain is stored in, each under the SHA-256 of its bytes. */
export function SegmentsTab({
  chain,
  segments,
  pages,
  asked,
  chosen,
}: {
  chain: ChainDetail;
  segments: readonly Segment[];
  pages: { first: string | null; next: string | null };
  /** The order the address asks for: where all of them are here. */
  asked: string | undefined;
  chosen: number | null;
}) {
  const isWhole = !pages.first && !pages.next;
  const sort = sortOf(asked, COLUMNS, 'segment');
  const head = (by: Column, label: string, numeric?: 'numeric') =>
    isWhole ? (
      <SortHead by={by} sort={sort} numeric={!!numeric} isDownFirst={!!numeric}>
        {label}
      </SortHead>
    ) : (
      <HeadCell numeric={!!numeric}>{label}</HeadCell>
    );
  return (
    <>
      <TableTop chainId={chain.id} table="segments" rows={chain.segments}>
        <p>Immutable pieces of the chain, stored under the SHA-256 of their bytes. Their order is the chain.</p>
      </TableTop>
      <div className="card">
        <Table label="Segments">
          <Head>
            {head('segment', 'Segment')}
            {head('verdict', 'Verdict')}
            {head('records', 'Records', 'numeric')}
            <HeadCell>Recorded</HeadCell>
            {head('size', 'Size', 'numeric')}
            <HeadCell>SHA-256</HeadCell>
            {head('problems', 'Problems', 'numeric')}
            <HeadCell>Signed</HeadCell>
            <HiddenHeadCell>Download</HiddenHeadCell>
          </Head>
          <Body>
            {(isWhole ? sorted(segments, sort, VALUES) : segments).map((segment) => (
              <SegmentRow
                key={segment.index}
                chainId={chain.id}
                segment={segment}
                isChosen={segment.index === chosen}
              />
            ))}
            {chain.tail && !pages.next && <OpenSegmentRow chain={chain} tail={chain.tail} />}
          </Body>
        </Table>
      </div>
      <ListFoot
        shown={segments.length}
        total={chain.segments}
        noun={chain.tail ? 'closed segment' : 'segment'}
        also={chain.tail && !pages.next ? 'and one that is open' : undefined}
        order={sort === 'segment' || !isWhole ? 'in the order of the chain' : undefined}
        {...pages}
      />
    </>
  );
}
