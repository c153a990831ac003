import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { STATUS_WORDS } from '@/app/_components/triage/words';
import { Hash } from '@/app/_components/ui/hash';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { LEVELS, LEVEL_LOOK, LevelMark } from '@/app/_components/verdict/levels';
import type { IncidentReport } from '@/lib/schemas/incident-report';
import { Prose, Section } from '../../_components/section';
import { Figures } from './figures';

/** Records that the page lists; evidence.csv has all. */
const LISTED = 100;
export const INCIDENT_SECTIONS = 4;

/** The sections of an incident report, as it was kept. */
export function KeptIncident({ report }: { report: IncidentReport }) {
  return (
    <>
      <Section number={1} title="Summary">
        <Summary report={report} />
      </Section>
      <Section number={2} title="Timeline">
        <Timeline report={report} />
      </Section>
      <Section number={3} title="What was found">
        <Found report={report} />
      </Section>
      <Section number={4} title="Evidence">
        <Evidence report={report} />
      </Section>
    </>
  );
}

function Summary({ report: { case: one, totals } }: { report: IncidentReport }) {
  return (
    <>
      {one ? (
        <Prose>
          The case{' '}
          <Link className="link [overflow-wrap:anywhere]" href={`/cases/${one.id}`}>
            {one.title}
          </Link>{' '}
          was then {STATUS_WORDS[one.status].toLowerCase()}, {one.owner ? `owned by ${one.owner}` : 'owned by nobody'};
          it was begun <Time at={one.createdAt} /> by {one.createdBy}. What people wrote about it is theirs, and follows
          from no record.
        </Prose>
      ) : (
        <Prose>These findings were chosen for this report.</Prose>
      )}
      <Figures
        figures={[
          ['Findings', formatCount(totals.findings)],
          ...LEVELS.flatMap((level) => {
            const count = totals.byLevel[level];
            return count ? [[LEVEL_LOOK[level].word, formatCount(count)] as const] : [];
          }),
          ['Records', formatCount(totals.records)],
          ['Chains', formatCount(totals.chains)],
        ]}
      />
    </>
  );
}

function Timeline({ report: { findings, history } }: { report: IncidentReport }) {
  const rows = [
    ...findings.map(({ id, windowFrom: at, title }) => ({ id, at, by: 'found', what: title })),
    ...history.map(({ id, at, by, changes, note }) => ({
      id,
      at,
      by: by.name,
      what: [...Object.keys(changes).map((key) => `${key} changed`), ...(note === null ? [] : [note])].join('; '),
    })),
  ].toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
  return (
    <ol className="space-y-2 border-l pl-4 text-sm">
      {rows.map(({ id, at, by, what }) => (
        <li key={id} className="[overflow-wrap:anywhere]">
          <Time at={at} as="second" className="text-muted" /> {by}: {what}
        </li>
      ))}
    </ol>
  );
}

function Found({ report: { findings } }: { report: IncidentReport }) {
  return findings.map((one) => (
    <article key={one.id} aria-label={one.title} className="mb-5 break-inside-avoid">
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        <LevelMark level={one.level} />
        <Link className="link [overflow-wrap:anywhere]" href={`/findings?finding=${one.id}`}>
          {one.title}
        </Link>
      </h3>
      <p className="text-sm text-muted [overflow-wrap:anywhere]">
        <TimeSpan from={one.windowFrom} to={one.windowTo} />, {formatNoun(one.recordCount, 'record')} in{' '}
        {one.chains.map(({ name }) => name).join(', ')}; {STATUS_WORDS[one.status].toLowerCase()}
      </p>
      {one.description && <p className="mt-1 max-w-[72ch]">{one.description}</p>}
      {one.runbook && <p className="mt-1 max-w-[72ch]">What to do: {one.runbook}</p>}
      <p className="mt-1 text-xs text-muted">
        Rule <Hash value={one.ruleDigest} />
      </p>
    </article>
  ));
}

function Evidence({ report: { records } }: { report: IncidentReport }) {
  if (records.length === 0)
    return <Prose>These findings are about chains and stored evidence: they name no records.</Prose>;
  return (
    <>
      <Prose>
        {formatNoun(records.length, 'record')} {records.length === 1 ? 'proves' : 'prove'} these findings
        {records.length > LISTED && `; the first ${LISTED} are listed, evidence.csv has all`}. Each lies in its segment
        at the byte that is named, under its own hash.
      </Prose>
      <div className="card text-sm">
        <Table label="Records that prove the findings">
          <Head>
            <HeadCell>Time</HeadCell>
            <HeadCell>Record</HeadCell>
            <HeadCell>What it says</HeadCell>
            <HeadCell>Hash</HeadCell>
            <HeadCell>Segment</HeadCell>
            <HeadCell numeric>Byte</HeadCell>
          </Head>
          <Body>
            {records.slice(0, LISTED).map((one) => (
              <Row key={`${one.chainId} ${one.ordinal}`}>
                <RowHead className="whitespace-nowrap">
                  <Time at={one.recordedAt} as="short" />
                </RowHead>
                <Cell label="Record" className="[overflow-wrap:anywhere]">
                  <Link className="link" href={`/chains/${one.chainId}?tab=records&record=${one.ordinal}`}>
                    {one.chain} {formatCount(one.ordinal)}
                  </Link>
                </Cell>
                <Cell label="What it says" className="[overflow-wrap:anywhere]">
                  {one.decision} {one.tool} <span className="text-muted">{one.target}</span>
                </Cell>
                <Cell label="Hash">
                  <Hash value={one.hash} />
                </Cell>
                <Cell label="Segment">{one.segmentSha256 ? <Hash value={one.segmentSha256} /> : 'open'}</Cell>
                <Cell label="Byte" numeric>
                  {formatCount(one.byteOffset)}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}
