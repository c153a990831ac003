import { Link } from '@/app/_components/ui/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { STATUS_WORDS } from '@/app/_components/triage/words';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { LEVELS, LEVEL_LOOK, LevelMark } from '@/app/_components/verdict/levels';
import type { ReportFigures } from '@/lib/schemas/reports';
import { Prose } from './section';

/** `isKept`: of a report as it was made once. */
export function FindingsByLevel({
  report,
  csv,
  isKept = false,
}: {
  report: ReportFigures;
  csv: string;
  isKept?: boolean;
}) {
  const counts = LEVELS.map((level) => [level, report.findingsByLevel[level] ?? 0] as const);
  const most = Math.max(...counts.map(([, count]) => count));
  if (most === 0) return <Prose>The rules ran over every record of this period and found nothing.</Prose>;
  return (
    <>
      <Prose>
        The rules found {formatNoun(report.summary.findings, 'finding')}. Each names the records that prove it.{' '}
        {report.findingsSuppressed > 0 && (
          <>
            <Link className="link" href="/findings/suppressions">
              Suppressions
            </Link>{' '}
            {isKept ? 'hid' : 'hide'} {formatCount(report.findingsSuppressed)} of them {isKept ? 'then' : 'now'}, which
            are counted here with the others.{' '}
          </>
        )}
        <a className="link" href={csv}>
          All of them as CSV
        </a>
      </Prose>
      <table className="w-full max-w-[36rem] text-sm" aria-label="Findings by level">
        <tbody>
          {counts.map(([level, count]) => (
            <tr key={level}>
              <th scope="row" className="h-8 w-28 text-left font-normal">
                <Link href={`/findings?level=${level}`} className="hover:underline">
                  <LevelMark level={level} />
                </Link>
              </th>
              <td>
                <StackedBar of={most} parts={[{ key: level, value: count, tone: LEVEL_LOOK[level].tone }]} />
              </td>
              <td className="w-16 pl-3 text-right font-medium">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <WorstFindings report={report} />
    </>
  );
}

/** As many as a reader takes in; the CSV has all. */
const LISTED = 25;

function WorstFindings({ report: { worstFindings, summary } }: { report: ReportFigures }) {
  const listed = worstFindings.slice(0, LISTED);
  return (
    <>
      <p className="mt-5 mb-2 text-sm text-muted">
        {summary.findings > listed.length
          ? `The worst ${formatCount(listed.length)}, of a level the newest first.`
          : 'The worst first, of a level the newest.'}
      </p>
      <div className="card text-sm">
        <Table label="The worst findings">
          <Head>
            <HeadCell>Level</HeadCell>
            <HeadCell>Finding</HeadCell>
            <HeadCell>From</HeadCell>
            <HeadCell>Status</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell>Chains</HeadCell>
          </Head>
          <Body>
            {listed.map(({ id, level, title, windowFrom, status, recordCount, chains }) => (
              <Row key={id}>
                <RowHead>
                  <LevelMark level={level} />
                </RowHead>
                <Cell label="Finding">
                  <Link className="link" href={`/findings?finding=${id}`}>
                    {title}
                  </Link>
                </Cell>
                <Cell label="From" className="whitespace-nowrap">
                  <Time at={windowFrom} as="short" />
                </Cell>
                <Cell label="Status">{STATUS_WORDS[status]}</Cell>
                <Cell label="Records" numeric>
                  {formatCount(recordCount)}
                </Cell>
                <Cell label="Chains" className="max-w-56 [overflow-wrap:anywhere]">
                  {chains.map(({ name }) => name).join(', ')}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}
