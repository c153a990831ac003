import { Link } from '@/app/_components/ui/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { RowLink } from '@/app/_components/list/row-link';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { sessionHref } from '@/lib/schemas/session-address';
import type { Session } from '@/lib/schemas/sessions';

const COLUMNS = ['chain', 'verdict', 'time', 'steps', 'attested'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (chain: Session['chains'][number]) => string | number | null> = {
  chain: ({ name }) => name,
  // the worst first, as in the list of chains
  verdict: ({ verdict }) => CHAIN_VERDICTS.indexOf(verdict),
  time: ({ span }) => span?.from ?? null,
  steps: ({ records }) => records,
  attested: ({ attested, records }) => (attested?.records ?? 0) / records,
};

/** Where the steps are recorded, whether that holds, and what of it is attested. */
export function ChainsOfSession({
  session,
  chosen,
  asked,
}: {
  session: Session;
  chosen: string | null;
  /** The order the address asks for. */
  asked: string | undefined;
}) {
  const { chains, moreChains, id } = session;
  const order = { sort: sortOf(asked, COLUMNS, 'time'), param: 'chains' };
  const all = sessionHref(id);
  return (
    <Card
      flush
      title={
        chains.length === 1
          ? 'Evidence'
          : `Evidence, in ${moreChains ? 'more than ' : ''}${formatNoun(chains.length, 'chain')}`
      }
      aside={
        chosen !== null &&
        all && (
          <Link href={all} className="link no-print text-xs">
            Records of other chains too
          </Link>
        )
      }
    >
      {chains.length > 1 && (
        <p className="border-b px-4 py-2 text-xs text-muted">
          Every one of these chains has records that name this id. Agents that know nothing of each other may use the
          same one: choose a chain to see its records alone.
        </p>
      )}
      <Table label="Chains of the session">
        <Head>
          <SortHead by="chain" {...order}>
            Chain
          </SortHead>
          <SortHead by="verdict" {...order}>
            Verdict
          </SortHead>
          <SortHead by="time" {...order}>
            Time
          </SortHead>
          <SortHead by="steps" {...order} numeric isDownFirst>
            Steps
          </SortHead>
          <HeadCell numeric>Records of the chain</HeadCell>
          <SortHead by="attested" {...order} isDownFirst>
            Attestation
          </SortHead>
        </Head>
        <Body>
          {sorted(chains, order.sort, VALUES).map((chain) => (
            <ChainRow key={chain.chainId} chain={chain} all={chains.length > 1 ? all : null} />
          ))}
        </Body>
      </Table>
    </Card>
  );
}

/** `all` is the page of the session, where there are other chains on it. */
function ChainRow({ chain, all }: { chain: Session['chains'][number]; all: string | null }) {
  return (
    <Row>
      <RowHead className="max-w-72 [overflow-wrap:anywhere]">
        <RowLink href={`/chains/${chain.chainId}`}>{chain.name}</RowLink>{' '}
        <span className="text-xs text-faint">{FORMAT_LABEL[chain.format]}</span>
      </RowHead>
      <Cell label="Verdict">
        <VerdictMark verdict={chain.verdict} />
      </Cell>
      <Cell label="Time">{chain.span ? <TimeSpan from={chain.span.from} to={chain.span.to} /> : 'not stated'}</Cell>
      <Cell label="Steps" numeric>
        {all ? (
          <Link className="link" href={`${all}?chain=${chain.chainId}`} title="Only the records of this chain">
            {formatCount(chain.records)}
          </Link>
        ) : (
          formatCount(chain.records)
        )}
      </Cell>
      <Cell label="Records of the chain" numeric>
        <Ends chain={chain} />
      </Cell>
      <Cell label="Attestation">
        <Attested chain={chain} />
      </Cell>
    </Row>
  );
}

/** Its first and its last record in the chain. */
function Ends({ chain: { chainId, first, last } }: { chain: Session['chains'][number] }) {
  const link = (ordinal: number) => (
    <Link className="link" href={`/chains/${chainId}?tab=records&record=${ordinal}`}>
      {formatCount(ordinal)}
    </Link>
  );
  return (
    <span>
      {link(first)} to {link(last)}
    </span>
  );
}

function Attested({ chain: { attested, records, isOpen } }: { chain: Session['chains'][number] }) {
  if (!attested || attested.records === 0)
    return <span className="text-muted">{isOpen ? 'none yet, the segment is open' : 'none covers it yet'}</span>;
  return (
    <span>
      {attested.records === records
        ? records === 1
          ? 'covered by that of '
          : 'all covered by that of '
        : `${formatCount(attested.records)} of ${formatCount(records)} covered by that of `}
      <Link className="link" href={`/attestations/${attested.id}`}>
        <Time at={attested.at} />
      </Link>
    </span>
  );
}
