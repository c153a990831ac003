import { formatCount, formatNoun } from '@/app/_components/format/number';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { Page } from '@/lib/schemas/common';
import type { RuleRun, RuleRunSort } from '@/lib/schemas/rules';
import { BECAUSE, outcomeOf } from './run-words';

/** Every look of a rule, those that found nothing too. */
export function RuleRuns({
  ruleId,
  runs: { items, nextCursor, total = items.length },
  sort,
  search,
}: {
  ruleId: string;
  runs: Page<RuleRun>;
  sort: RuleRunSort;
  search: Readonly<Record<string, string | string[] | undefined>>;
}) {
  const order = { sort, cursor: 'runs' };
  const { first, next } = pageLinks(`/rules/${ruleId}`, search, nextCursor, 'runs');
  return (
    <Card title="Runs" aside={total > 0 && <ExportCsv href={`/api/v1/rules/${ruleId}/runs.csv`} rows={total} />} flush>
      {items.length === 0 ? (
        <p className="p-4 text-muted">It has not looked at anything yet.</p>
      ) : (
        <Table label="Runs">
          <Head>
            <SortHead by="at" {...order} isDownFirst>
              Looked
            </SortHead>
            <SortHead by="because" {...order}>
              Because
            </SortHead>
            <HeadCell>At records of</HeadCell>
            <SortHead by="chains" {...order} isDownFirst numeric>
              Chains
            </SortHead>
            <SortHead by="records" {...order} isDownFirst numeric>
              Records
            </SortHead>
            <HeadCell>What came of it</HeadCell>
            <SortHead by="findings" {...order} isDownFirst numeric>
              Findings there
            </SortHead>
            <SortHead by="took" {...order} isDownFirst numeric>
              Took
            </SortHead>
            <HeadCell>Text</HeadCell>
          </Head>
          <Body>
            {items.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </Body>
        </Table>
      )}
      {items.length > 0 && (
        <div className="px-4 pb-3">
          <ListFoot
            shown={items.length}
            total={total}
            noun="row"
            order={sort === '-at' ? 'newest first' : undefined}
            first={first}
            next={next}
          />
          <p className="max-w-[90ch] text-xs text-muted">
            A row is one look, until its hour is over: then the looks of that hour are one row, and after 31 days those
            of a day, with how often was looked, at how many records and what came of it. A rule that was not run has
            looked all the same: one pass over what is new tells for every rule whether a record is one of its, and
            another whether any group has as many as a finding takes.
          </p>
        </div>
      )}
    </Card>
  );
}

function RunRow({ run }: { run: RuleRun }) {
  const { because, looks, firstAt, at, window, chains, records, findings, elapsedMs, passMs, digest } = run;
  return (
    <Row>
      <RowHead className="whitespace-nowrap">
        {looks === 1 ? (
          <Time at={at} as="second" />
        ) : (
          <>
            <TimeSpan from={firstAt} to={at} />
            <span className="block text-xs font-normal text-muted">{formatNoun(looks, 'look')}</span>
          </>
        )}
      </RowHead>
      <Cell label="Because" className="text-muted">
        {BECAUSE[because]}
      </Cell>
      <Cell label="At records of">
        {window ? <TimeSpan from={window.from} to={window.to} /> : <span className="text-faint">chains</span>}
      </Cell>
      <Cell label="Chains" numeric>
        {chains === null ? 'all' : formatCount(chains)}
      </Cell>
      <Cell label="Records" numeric>
        {window ? formatCount(records) : <span className="text-faint">none</span>}
      </Cell>
      <Cell label="What came of it">{outcomeOf(run)}</Cell>
      <Cell label="Findings there" numeric>
        {findings === 0 ? <span className="text-faint">0</span> : formatCount(findings)}
      </Cell>
      <Cell label="Took" numeric className="whitespace-nowrap">
        <span title={`${formatCount(passMs)} ms for all rules together`}>{formatCount(elapsedMs)} ms</span>
      </Cell>
      <Cell label="Text">
        <Hash value={digest} />
      </Cell>
    </Row>
  );
}
