import { Download } from 'lucide-react';
import { buttonClass } from '@/app/_components/ui/button';
import { PageHead } from '@/app/_components/ui/page-head';
import { UploadButton } from '@/app/_components/upload/upload-button';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ChainFacts } from './chain-facts';
import { ChainState } from './chain-state';
import { SealDialog } from './seal-dialog';
import { SignButton } from './sign-button';

/** Name, verdict in a sentence, what can be done, and the figures of the chain. */
export function ChainHead({ chain }: { chain: ChainDetail }) {
  return (
    <>
      <PageHead title={chain.name} lead={<ChainState chain={chain} />} actions={<Actions chain={chain} />} />
      <ChainFacts chain={chain} />
    </>
  );
}

function Actions({ chain }: { chain: ChainDetail }) {
  return (
    <>
      {!chain.sealedAt && <UploadButton look="plain" label="Add to this chain" />}
      {!chain.sealedAt && chain.records > 0 && <SealDialog chainId={chain.id} name={chain.name} />}
      <a className={buttonClass('plain')} href={`/api/v1/chains/${chain.id}/bytes`} download>
        <Download size={14} aria-hidden />
        Download
      </a>
      <SignButton
        chainId={chain.id}
        disabled={chain.verdict === 'pending' || chain.damage !== null || chain.segments === 0}
      />
    </>
  );
}
