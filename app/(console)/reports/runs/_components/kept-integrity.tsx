import { formatCount, formatNoun, formatShare } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { CHAIN_VERDICTS } from '@/lib/core/chain/verdict';
import type { IntegrityOfChain, IntegrityReport } from '@/lib/schemas/integrity-report';
import { Prose, Section } from '../../_components/section';
import { Figures } from './figures';

/** Chains that the page describes; the tables have all. */
const IN_FULL = 50;
const LISTED = 10;
export const INTEGRITY_SECTIONS = 3;

/** The sections of an integrity report, from the figures it was kept with. */
export function KeptIntegrity({ report: { totals, chains } }: { report: IntegrityReport }) {
  const worst = chains.toSorted(
    (a, b) => CHAIN_VERDICTS.indexOf(a.verdict) - CHAIN_VERDICTS.indexOf(b.verdict) || (a.name < b.name ? -1 : 1),
  );
  return (
    <>
      <Section number={1} title="Summary">
        <Prose>
          {formatNoun(totals.chains, 'chain')} {totals.chains === 1 ? 'has' : 'have'} records in this period. Verdicts,
          heads and statements are of the whole chain; all else is of the period.
        </Prose>
        <Figures
          figures={[
            ['Chains', formatCount(totals.chains)],
            ['Records', formatCount(totals.records)],
            ['Signed', formatShare(totals.attested, totals.records)],
            ['Not signed', formatCount(totals.unattested)],
            ['Problems', formatCount(totals.problems)],
            ['Restarts', formatCount(totals.restarts)],
            ['Gaps in time', formatCount(totals.timeGaps)],
            ['Heads seen', formatCount(totals.heads)],
          ]}
        />
      </Section>
      <Section number={2} title="Chains">
        <Chains chains={worst} />
      </Section>
      <Section number={3} title="Each chain">
        {worst.slice(0, IN_FULL).map((chain) => (
          <OneChain key={chain.id} chain={chain} />
        ))}
        {totals.chains > IN_FULL && (
          <Prose>The {IN_FULL} with the worst verdicts are described; the tables have all.</Prose>
        )}
      </Section>
    </>
  );
}

const problemCount = ({ problemCounts }: IntegrityOfChain) =>
  Object.values(problemCounts).reduce((sum, count) => sum + count, 0);

function Chains({ chains }: { chains: readonly IntegrityOfChain[] }) {
  if (chains.length === 0) return <Prose>No chain has records in this period.</Prose>;
  return (
    <div className="card text-sm">
      <Table label="What was found of each chain">
        <Head>
          <HeadCell>Chain</HeadCell>
          <HeadCell>Verdict</HeadCell>
          <HeadCell>Found</HeadCell>
          <HeadCell numeric>Records</HeadCell>
          <HeadCell numeric>Not signed</HeadCell>
          <HeadCell numeric>Problems</HeadCell>
        </Head>
        <Body>
          {chains.map((chain) => (
            <Row key={chain.id}>
              <RowHead className="[overflow-wrap:anywhere]">
                <Link className="link" href={`/chains/${chain.id}`}>
                  {chain.name}
                </Link>
              </RowHead>
              <Cell label="Verdict">
                <VerdictMark verdict={chain.verdict} />
              </Cell>
              <Cell label="Found">
                <Time at={chain.found.from} as="short" /> to <Time at={chain.found.to} as="short" />
              </Cell>
              <Cell label="Records" numeric>
                {formatCount(chain.records.total)}
              </Cell>
              <Cell label="Not signed" numeric>
                {formatCount(chain.records.unattested)}
              </Cell>
              <Cell label="Problems" numeric>
                {formatCount(problemCount(chain))}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

function OneChain({ chain }: { chain: IntegrityOfChain }) {
  const { id, name, verifiedAt, chainRecords, segments, timeGaps, timeSteps, problems, heads, statements } = chain;
  return (
    <section aria-label={name} className="mb-6 break-inside-avoid-page">
      <h3 className="mb-1 font-medium [overflow-wrap:anywhere]">{name}</h3>
      <Prose>
        {formatNoun(chainRecords, 'record')} in {formatNoun(segments, 'closed segment')} in all
        {verifiedAt && (
          <>
            , checked <Time at={verifiedAt} />
          </>
        )}
        . {timeGaps.length > 0 && `${formatNoun(timeGaps.length, 'gap')} in time. `}
        {!!timeSteps && `The time goes back in ${formatNoun(timeSteps, 'place')}. `}
        {formatNoun(chain.headsTotal, 'head')} seen, {formatNoun(chain.statementsTotal, 'signed statement')}.
      </Prose>
      {problems.length > 0 && (
        <ul className="mb-3 space-y-1 text-sm">
          {problems.slice(0, LISTED).map((one) => (
            <li key={`${one.code} ${one.byteOffset}`} className="[overflow-wrap:anywhere]">
              <Link className="link" href={`/chains/${id}?tab=records&record=${one.record}`}>
                Record {formatCount(one.record)}
              </Link>
              , line {formatCount(one.line)}, byte {formatCount(one.byteOffset)}: {one.message}
            </li>
          ))}
        </ul>
      )}
      {heads.length > 0 && (
        <div className="card mb-3 text-sm">
          <Table label={`Heads of ${name}`}>
            <Head>
              <HeadCell>Seen</HeadCell>
              <HeadCell numeric>Records</HeadCell>
              <HeadCell>Now</HeadCell>
              <HeadCell>Hash</HeadCell>
            </Head>
            <Body>
              {heads.slice(0, LISTED).map((head) => (
                <Row key={`${head.observedAt} ${head.hash}`}>
                  <RowHead>
                    <Time at={head.observedAt} />
                  </RowHead>
                  <Cell label="Records" numeric>
                    {formatCount(head.records)}
                  </Cell>
                  <Cell label="Now">{head.state}</Cell>
                  <Cell label="Hash">
                    <Hash value={head.hash} />
                  </Cell>
                </Row>
              ))}
            </Body>
          </Table>
        </div>
      )}
      {statements.length > 0 && (
        <ul className="space-y-1 text-sm">
          {statements.slice(0, LISTED).map((one) => (
            <li key={one.id}>
              <Link className="link" href={`/attestations/${one.id}`}>
                Signed <Time at={one.signedAt} />
              </Link>
              , records {formatCount(one.firstRecord)} to {formatCount(one.lastRecord)}: {one.verdict}
              {one.withdrawnAt && ', withdrawn'}
              {one.logIndex !== null && `; entry ${formatCount(one.logIndex)} of the transparency log`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
