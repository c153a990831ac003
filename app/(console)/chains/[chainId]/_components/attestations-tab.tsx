import { Only } from '@/app/_components/access/role';
import { Stamp } from 'lucide-react';
import { AttestationsTable } from '@/app/_components/attestation/attestations-table';
import { REQUEST_COLUMNS, RequestsTable } from '@/app/_components/attestation/requests-table';
import { ListFoot } from '@/app/_components/list/list-foot';
import { sortOf } from '@/app/_components/list/sort';
import { Empty } from '@/app/_components/ui/empty';
import type { AttestationRequest, ChainAttestationPolicy, Coverage } from '@/lib/schemas/attestation-requests';
import type { Attestation, AttestationSort } from '@/lib/schemas/attestations';
import type { ChainDetail } from '@/lib/schemas/chains';
import { CoverageCard } from './coverage-card';
import { SignPartDialog } from './lazy-parts';
import { SignButton } from './sign-button';

type Props = {
  chain: ChainDetail;
  attestations: readonly Attestation[];
  requests: readonly AttestationRequest[];
  total: number;
  sort: AttestationSort;
  pages: { first: string | null; next: string | null };
  /** The order of requests the address asks for. */
  requestsSort: string | undefined;
  coverage: Coverage;
  policy: ChainAttestationPolicy;
};

/** What of the chain is signed, what waits to be, and by which policy. */
export function AttestationsTab({
  chain,
  attestations,
  total,
  sort,
  pages,
  requests,
  coverage,
  policy,
  ...props
}: Props) {
  return (
    <div className="space-y-4">
      <CoverageCard chainId={chain.id} coverage={coverage} policy={policy} />
      {requests.length > 0 && (
        <RequestsTable
          requests={requests}
          sort={sortOf(props.requestsSort, REQUEST_COLUMNS, '-requested')}
          param="requests"
        />
      )}
      {attestations.length > 0 ? (
        <>
          <div className="flex flex-wrap justify-end gap-2">
            <Only need="ingest">
              <SignPartDialog chainId={chain.id} records={chain.records} disabled={chain.signable !== 'now'} />
            </Only>
          </div>
          <AttestationsTable attestations={attestations} sort={sort} cursor="signedBefore" />
          <ListFoot
            shown={attestations.length}
            total={total}
            noun="attestation"
            order={sort === '-signed' ? 'newest first' : undefined}
            {...pages}
          />
        </>
      ) : (
        <div className="card">
          <Empty
            icon={<Stamp size={20} />}
            title="Nothing signed yet"
            actions={<SignButton chainId={chain.id} signable={chain.signable} signed={null} look="primary" />}
          >
            An attestation is a signed statement of this chain’s segments, its verdict and everything found. Anybody can
            check it with cosign, without asking us.
          </Empty>
        </div>
      )}
    </div>
  );
}
