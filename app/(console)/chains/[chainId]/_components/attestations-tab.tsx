import { Stamp } from 'lucide-react';
import { AttestationsTable } from '@/app/_components/attestation/attestations-table';
import { Empty } from '@/app/_components/ui/empty';
import type { Attestation } from '@/lib/schemas/attestations';
import type { ChainDetail } from '@/lib/schemas/chains';
import { SignButton } from './sign-button';

export function AttestationsTab({ chain, attestations }: { chain: ChainDetail; attestations: readonly Attestation[] }) {
  if (attestations.length > 0) return <AttestationsTable attestations={attestations} />;
  return (
    <div className="card">
      <Empty icon={<Stamp size={20} />} title="Nothing signed yet" actions={<SignButton chainId={chain.id} disabled={chain.verdict === 'pending'} />}>
        An attestation is a signed statement of this chain’s segments, its verdict and everything found. Anybody can check it with cosign, without asking us.
      </Empty>
    </div>
  );
}
