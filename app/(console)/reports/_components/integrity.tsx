import { Link } from '@/app/_components/ui/link';
import type { ReactNode } from 'react';
import { formatCount, formatNoun, formatShare } from '@/app/_components/format/number';
import { MiniRibbon } from '@/app/_components/ribbon/mini-ribbon';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { VERDICT_LOOK } from '@/app/_components/verdict/verdicts';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { CHAIN_VERDICTS, type ChainVerdict } from '@/lib/core/chain/verdict';
import type { RibbonParts } from '../../ribbon-parts';
import type { ReportChains } from '@/lib/schemas/reports';
import { Prose } from './section';

/** Verdicts of the chains with records in the period, worst first. */
export function Integrity({ of, parts }: { of: ReportChains; parts: ReadonlyMap<string, RibbonParts> }) {
  const chains = of.chains.toSorted(
    (a, b) => CHAIN_VERDICTS.indexOf(a.verdict) - CHAIN_VERDICTS.indexOf(b.verdict) || a.name.localeCompare(b.name),
  );
  const present = CHAIN_VERDICTS.filter((verdict) => of.byVerdict[verdict]);
  const { moreChains: more, coverage, total } = of;
  if (chains.length === 0) return <Prose>No chain has records in this period.</Prose>;
  return (
    <>
      <Prose>
        {formatNoun(total, 'chain')} {total === 1 ? 'has' : 'have'} records in this period. Each was checked from its
        first byte to its last: every record’s hash recomputed from the stored bytes, every link compared with the
        record before. Records and signatures are counted in the period; verdict and problems are those of the whole
        chain.
      </Prose>
      <div className="card mb-4 text-sm">
        <Table label="Verdict of each chain">
          <Head>
            <HeadCell>Chain</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell className="w-40">Ribbon</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell numeric>Problems</HeadCell>
            <HeadCell numeric>Signed</HeadCell>
          </Head>
          <Body>
            {chains.map((chain) => (
              <ChainRow key={chain.id} chain={chain} parts={parts.get(chain.id)} />
            ))}
            {more.chains > 0 && (
              <SumRow of={more}>{formatNoun(more.chains, 'more chain')}, in the CSV of section 8</SumRow>
            )}
            <SumRow of={coverage} className="font-medium">
              All {formatNoun(total, 'chain')}
            </SumRow>
          </Body>
        </Table>
      </div>
      <VerdictMeanings verdicts={present} />
    </>
  );
}

function ChainRow({ chain, parts }: { chain: ReportChains['chains'][number]; parts: RibbonParts | undefined }) {
  return (
    <Row>
      <RowHead className="max-w-64">
        <Link href={`/chains/${chain.id}`} className="link [overflow-wrap:anywhere]">
          {chain.name}
        </Link>
      </RowHead>
      <Cell label="Verdict">
        <VerdictMark verdict={chain.verdict} />
      </Cell>
      <Cell label="Ribbon">
        <MiniRibbon chain={chain} parts={parts} height={10} />
      </Cell>
      <Cell label="Records" numeric>
        {formatCount(chain.inPeriod.records)}
      </Cell>
      <Cell label="Problems" numeric>
        {formatCount(Object.values(chain.problemCounts).reduce((sum, count) => sum + count, 0))}
      </Cell>
      <Cell label="Signed" numeric>
        {formatShare(chain.inPeriod.attested, chain.inPeriod.records)}
      </Cell>
    </Row>
  );
}

/** Several chains in one row. */
function SumRow({
  of: { records, attested },
  className,
  children,
}: {
  of: { records: number; attested: number };
  className?: string;
  children: ReactNode;
}) {
  return (
    <Row>
      <RowHead className={className}>{children}</RowHead>
      <Cell />
      <Cell />
      <Cell label="Records" numeric className={className}>
        {formatCount(records)}
      </Cell>
      <Cell />
      <Cell label="Signed" numeric className={className}>
        {formatShare(attested, records)}
      </Cell>
    </Row>
  );
}

function VerdictMeanings({ verdicts }: { verdicts: readonly ChainVerdict[] }) {
  return (
    <dl className="max-w-[72ch] space-y-1 text-sm text-muted">
      {verdicts.map((verdict) => (
        <div key={verdict} className="flex gap-3">
          <dt className="w-28 shrink-0">
            <VerdictMark verdict={verdict} />
          </dt>
          <dd>{VERDICT_LOOK[verdict].meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
