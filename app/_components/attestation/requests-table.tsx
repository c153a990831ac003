import Link from 'next/link';
import type { AttestationRequest } from '@/lib/schemas/attestation-requests';
import { Time } from '../time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '../ui/table';
import { causeWords, scopeWords } from './scope';

/** What was asked to be signed and is not: since when, why, and when it is tried again. */
export function RequestsTable({ requests }: { requests: readonly AttestationRequest[] }) {
  return (
    <div className="card">
      <Table label="Requests that are not signed">
        <Head>
          <HeadCell>Asked</HeadCell>
          <HeadCell>Chain</HeadCell>
          <HeadCell>Covers</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell>State</HeadCell>
        </Head>
        <Body>
          {requests.map((request) => (
            <Row key={request.id}>
              <RowHead className="whitespace-nowrap">
                <Time at={request.requestedAt} as="second" />
              </RowHead>
              <Cell label="Chain" className="sm:max-w-72 [overflow-wrap:anywhere]">
                {request.chainId ? (
                  <Link href={`/chains/${request.chainId}`} className="link">
                    {request.chain}
                  </Link>
                ) : (
                  'Several'
                )}
              </Cell>
              <Cell label="Covers" className="sm:max-w-64 [overflow-wrap:anywhere]">
                {scopeWords(request.scope)}
              </Cell>
              <Cell label="Why">{causeWords(request)}</Cell>
              <Cell label="State" className="sm:max-w-96 [overflow-wrap:anywhere]">
                <div>
                  {request.state === 'failed' ? <span className="text-v-tampered">Cannot be signed</span> : 'Waits'}
                  {request.failure && <span className="text-muted">: {request.failure}</span>}
                  {request.nextTryAt && request.attempts > 0 && (
                    <span className="block text-xs text-faint">
                      tried {request.attempts === 1 ? 'once' : `${request.attempts} times`}, again{' '}
                      <Time at={request.nextTryAt} as="second" />
                    </span>
                  )}
                </div>
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}
