import { formatCount } from '@/app/_components/format/number';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { UsageBy, UsageCounts, UsageReport } from '@/lib/schemas/usage-report';
import { Prose, Section } from '../../_components/section';
import { Figures } from './figures';

/** As many as a reader takes in; `usage.csv` has all. */
const LISTED = 50;
export const USAGE_SECTIONS = 4;

/** The sections of a usage report, from the figures it was kept with. */
export function KeptUsage({ report: { totals, agents, models, tools } }: { report: UsageReport }) {
  return (
    <>
      <Section number={1} title="Summary">
        <Prose>
          Tokens and cost are what records state. Every figure but that of sessions is the sum of its rows: a session
          may use several agents, models and tools.
        </Prose>
        <Figures
          figures={[
            ['Records', formatCount(totals.records)],
            ['Requests', formatCount(totals.requests)],
            ['Sessions', formatCount(totals.sessions)],
            ['Refused', formatCount(totals.decisions.deny ?? 0)],
            ['Tokens in', formatCount(totals.inputTokens)],
            ['Tokens out', formatCount(totals.outputTokens)],
            ['Cost stated', `$${totals.costUsd}`],
          ]}
        />
      </Section>
      <Section number={2} title="Agents">
        <By name="Agent" of={agents} totals={totals} />
      </Section>
      <Section number={3} title="Models">
        <By name="Model" of={models} totals={totals} />
      </Section>
      <Section number={4} title="Tools">
        <By name="Tool" of={tools} totals={totals} />
      </Section>
    </>
  );
}

function By({ name, of: { values, more }, totals }: { name: string; of: UsageBy; totals: UsageCounts }) {
  const hidden = Math.max(0, values.length - LISTED) + more.values;
  return (
    <>
      {hidden > 0 && (
        <Prose>
          The {LISTED} with most records are listed; {formatCount(hidden)} more in usage.csv.
        </Prose>
      )}
      <div className="card text-sm">
        <Table label={`By ${name.toLowerCase()}`}>
          <Head>
            <HeadCell>{name}</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell numeric>Requests</HeadCell>
            <HeadCell numeric>Sessions</HeadCell>
            <HeadCell numeric>Refused</HeadCell>
            <HeadCell numeric>Tokens in</HeadCell>
            <HeadCell numeric>Tokens out</HeadCell>
            <HeadCell numeric>Cost</HeadCell>
          </Head>
          <Body>
            {values.slice(0, LISTED).map((row) => (
              <Counts key={row.value} name={row.value || 'none stated'} counts={row} />
            ))}
            <Counts name="All" counts={totals} isTotal />
          </Body>
        </Table>
      </div>
    </>
  );
}

function Counts({ name, counts, isTotal = false }: { name: string; counts: UsageCounts; isTotal?: boolean }) {
  return (
    <Row className={isTotal ? 'font-semibold' : ''}>
      <RowHead className="[overflow-wrap:anywhere]">{name}</RowHead>
      <Cell label="Records" numeric>
        {formatCount(counts.records)}
      </Cell>
      <Cell label="Requests" numeric>
        {formatCount(counts.requests)}
      </Cell>
      <Cell label="Sessions" numeric>
        {formatCount(counts.sessions)}
      </Cell>
      <Cell label="Refused" numeric>
        {formatCount(counts.decisions.deny ?? 0)}
      </Cell>
      <Cell label="Tokens in" numeric>
        {formatCount(counts.inputTokens)}
      </Cell>
      <Cell label="Tokens out" numeric>
        {formatCount(counts.outputTokens)}
      </Cell>
      <Cell label="Cost" numeric>
        ${counts.costUsd}
      </Cell>
    </Row>
  );
}
