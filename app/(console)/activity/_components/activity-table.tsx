import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { formatCount } from '@/app/_components/format/number';
import type { ActivityLine } from '@/lib/schemas/activity';

/** Pages of what actions are done to. */
const PAGES: Readonly<Record<string, string>> = {
  attestation: '/attestations',
  case: '/cases',
  chain: '/chains',
  finding: '/findings',
  'report-run': '/reports/runs',
  rule: '/rules',
};

/** What was done, a row an action; each leads to its record in evidence, with the proof of that. */
export function ActivityTable({ lines, chainId }: { lines: readonly ActivityLine[]; chainId: string }) {
  return (
    <div className="card">
      <Table label="Actions">
        <Head>
          <HeadCell>When</HeadCell>
          <HeadCell>Who</HeadCell>
          <HeadCell>Action</HeadCell>
          <HeadCell>Subject</HeadCell>
          <HeadCell>Details</HeadCell>
          <HeadCell>Hash</HeadCell>
          <HeadCell numeric>Record</HeadCell>
        </Head>
        <Body>
          {lines.map((line) => (
            <Row key={line.seq}>
              <RowHead>
                <Time at={line.at} as="second" />
              </RowHead>
              <Cell label="Who" className="[overflow-wrap:anywhere]">
                {line.actor.name}
                {line.actor.kind !== 'person' && line.actor.name !== line.actor.kind && (
                  <span className="text-faint"> ({line.actor.kind})</span>
                )}
              </Cell>
              <Cell label="Action">
                <code className="font-mono text-xs">{line.action}</code>
              </Cell>
              <Cell label="Subject" className="[overflow-wrap:anywhere]">
                <Subject subject={line.subject} />
              </Cell>
              <Cell label="Details" className="max-w-[36ch] text-xs [overflow-wrap:anywhere] text-muted">
                {detailsText(line.details) || '–'}
              </Cell>
              <Cell label="Hash">
                <Hash value={line.hash} />
              </Cell>
              <Cell label="Record" numeric>
                {line.record === null ? (
                  <span className="text-faint">waits</span>
                ) : (
                  <Link className="link" href={`/chains/${chainId}?tab=records&record=${line.record}`}>
                    {formatCount(line.record)}
                  </Link>
                )}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

function Subject({ subject: { type, id } }: { subject: ActivityLine['subject'] }) {
  const page = PAGES[type];
  return (
    <>
      {type}{' '}
      {page ? (
        <Link className="link font-mono text-xs" href={`${page}/${id}`}>
          {id}
        </Link>
      ) : (
        <span className="font-mono text-xs text-muted">{id}</span>
      )}
    </>
  );
}

function detailsText(details: ActivityLine['details']): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
