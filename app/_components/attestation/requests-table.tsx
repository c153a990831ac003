import type { AttestationRequest } from '@/lib/schemas/attestation-requests';
import { RowLink } from '../list/row-link';
import { sorted } from '../list/sort';
import { SortHead } from '../list/sort-head';
import { Time } from '../time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '../ui/table';
import { causeWords, scopeWords } from './scope';

export const REQUEST_COLUMNS = ['requested', 'chain', 'state'] as const;
type RequestColumn = (typeof REQUEST_COLUMNS)[number];
type RequestSort = RequestColumn | `-${RequestColumn}`;
const REQUEST_VALUES: Record<RequestColumn, (request: AttestationRequest) => string> = {
  requested: ({ requestedAt }) => requestedAt,
  chain: ({ chain }) => chain ?? '',
  state: ({ state }) => state,
};

/** What was asked to be signed and is not: since when, why, and when it is tried again. */
export function RequestsTable({
  requests,
  sort,
  param = 'sort',
}: {
  requests: readonly AttestationRequest[];
  sort: RequestSort;
  /** Of the address, that names the order. */
  param?: string;
}) {
  const head = { sort, param };
  return (
    <div className="card">
      <Table label="Requests that are not signed">
        <Head>
          <SortHead by="requested" {...head} isDownFirst>
            Requested
          </SortHead>
          <SortHead by="chain" {...head}>
            Chain
          </SortHead>
          <HeadCell>Covers</HeadCell>
          <HeadCell>Why</HeadCell>
          <SortHead by="state" {...head}>
            State
          </SortHead>
        </Head>
        <Body>
          {sorted(requests, sort, REQUEST_VALUES).map((request) => (
            <Row key={request.id}>
              <RowHead className="whitespace-nowrap">
                <Time at={request.requestedAt} as="second" />
              </RowHead>
              <Cell label="Chain" className="sm:max-w-72 [overflow-wrap:anywhere]">
                {request.chainId ? <RowLink href={`/chains/${request.chainId}`}>{request.chain}</RowLink> : 'Several'}
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
