import { Stamp } from 'lucide-react';
import { AttestationsTable } from '@/app/_components/attestation/attestations-table';
import { RequestsTable } from '@/app/_components/attestation/requests-table';
import { Empty } from '@/app/_components/ui/empty';
import type { AttestationRequest, ChainAttestationPolicy, Coverage } from '@/lib/schemas/attestation-requests';
import type { Attestation } from '@/lib/schemas/attestations';
import type { ChainDetail } from '@/lib/schemas/chains';
import { CoverageCard } from './coverage-card';
import { SignPartDialog } from './lazy-parts';
import { SignButton } from './sign-button';

type Props = {
  chain: ChainDetail;
  attestations: readonly Attestation[];
  requests: readonly AttestationRequest[];
  coverage: Coverage;
  policy: ChainAttestationPolicy;
};

/** What of the chain is signed, what waits to be, and by which policy. */
export function AttestationsTab({ chain, attestations, requests, coverage, policy }: Props) {
  return (
    <div className="space-y-4">
      <CoverageCard chainId={chain.id} coverage={coverage} policy={policy} />
      {requests.length > 0 && <RequestsTable requests={requests} />}
      {attestations.length > 0 ? (
        <>
          <div className="flex flex-wrap justify-end gap-2">
            <SignPartDialog chainId={chain.id} records={chain.records} disabled={chain.signable !== 'now'} />
          </div>
          <AttestationsTable attestations={attestations} />
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
