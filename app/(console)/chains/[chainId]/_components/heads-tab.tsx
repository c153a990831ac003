import { Eye } from 'lucide-react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { RecordLink } from '@/app/_components/ribbon/record-link';
import { ListFoot } from '@/app/_components/list/list-foot';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { Empty } from '@/app/_components/ui/empty';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ChainDetail, Head as ChainHead, HeadSort } from '@/lib/schemas/chains';
import { TableTop } from './table-top';

const STATE: Record<ChainHead['state'], { word: string; tone: string }> = {
  current: { word: 'the end of the chain now', tone: 'var(--color-v-verified)' },
  extended: { word: 'still in the chain, grown since', tone: 'var(--color-v-verified)' },
  missing: { word: 'no longer there: the chain is shorter', tone: 'var(--color-v-truncated)' },
  forked: { word: 'left on another branch', tone: 'var(--color-v-forked)' },
  rewritten: { word: 'replaced by other records', tone: 'var(--color-v-tampered)' },
};

/** Every end of the chain we ever accepted: what a shorter or rewritten upload is compared with. */
export function HeadsTab({
  chain,
  heads,
  sort,
  pages,
  total,
  uploaded,
}: {
  /** Of all of them. */
  total: number;
  chain: ChainDetail;
  heads: readonly ChainHead[];
  /** Whether anything was ever sent. */
  uploaded: boolean;
  sort: HeadSort;
  pages: { first: string | null; next: string | null };
}) {
  if (heads.length === 0) return <NoHeads chain={chain} uploaded={uploaded} />;
  const order = { sort, cursor: 'before' };
  return (
    <>
      <TableTop chainId={chain.id} table="heads" rows={total}>
        <p>Every end of this chain that was ever accepted here, kept for good.</p>
      </TableTop>
      <div className="card">
        <Table label="Witnessed heads">
          <Head>
            <SortHead by="seen" {...order} isDownFirst>
              Seen
            </SortHead>
            <SortHead by="records" {...order} numeric isDownFirst>
              Records
            </SortHead>
            <SortHead by="size" {...order} numeric isDownFirst>
              Size
            </SortHead>
            <HeadCell>Hash of the last record</HeadCell>
            <HeadCell>Today it is</HeadCell>
          </Head>
          <Body>
            {heads.map((head) => (
              <HeadRow key={`${head.observedAt} ${head.hash}`} chain={chain} head={head} />
            ))}
          </Body>
        </Table>
      </div>
      <ListFoot
        shown={heads.length}
        total={total}
        noun="head"
        order={sort === '-seen' ? 'newest first' : undefined}
        {...pages}
      />
    </>
  );
}

function NoHeads({ chain: { verdict, head }, uploaded }: { chain: ChainDetail; uploaded: boolean }) {
  return (
    <div className="card">
      <Empty
        icon={<Eye size={20} />}
        title={uploaded ? 'No head to witness in what was sent' : 'No head witnessed yet'}
      >
        {uploaded &&
          (verdict === 'pending'
            ? 'What was sent is still being checked. '
            : head === null
              ? 'What was sent ends in no record that carries a hash. '
              : 'What was sent does not hold: a broken copy must not accuse the genuine one later. ')}
        After each upload that holds the end of the chain is remembered here for good. A later upload that is shorter,
        or replaces what was seen, is caught by it.
      </Empty>
    </div>
  );
}

function HeadRow({ chain, head }: { chain: ChainDetail; head: ChainHead }) {
  const { word, tone } = STATE[head.state];
  return (
    <Row>
      <RowHead>
        <Time at={head.observedAt} as="second" />
      </RowHead>
      <Cell label="Records" numeric>
        {formatCount(head.records)}
      </Cell>
      <Cell label="Size" numeric>
        {formatBytes(head.bytes)}
      </Cell>
      <Cell label="Last record">
        <Hash value={head.hash} />
      </Cell>
      <Cell label="Today it is">
        <span style={{ color: tone }}>{word}</span>
        {head.differsFrom !== null && (
          <span className="text-muted">
            {', from '}
            <RecordLink chainId={chain.id} record={head.differsFrom} records={chain.records} /> on
          </span>
        )}
        {head.forkedAt !== null && (
          <span className="text-muted">
            ; when it came it was another one from record {formatCount(head.forkedAt)} on
          </span>
        )}
      </Cell>
    </Row>
  );
}
