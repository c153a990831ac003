import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { PackageButton } from '@/app/_components/attestation/package-button';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import type { Attestation } from '@/lib/schemas/attestations';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ChainMenu } from './chain-menu';
import { ChainState } from './chain-state';
import { SignButton } from './sign-button';

/** Name and verdict in a line, the verdict in a sentence, and what can be done: what is looked for is below. */
export function ChainHead({
  chain,
  signed,
}: {
  chain: ChainDetail;
  /** The attestation of the whole chain as it stands; null when there is none. */
  signed: Pick<Attestation, 'id' | 'signedAt'> | null;
}) {
  return (
    <header>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-80 flex-wrap items-baseline gap-x-3">
          <h1 className="min-w-0 text-xl leading-8 font-semibold tracking-[-0.012em] [overflow-wrap:anywhere]">
            {chain.name}
          </h1>
          <VerdictMark verdict={chain.verdict} size="lg" />
          <span className="text-sm text-faint">{FORMAT_LABEL[chain.format]}</span>
        </div>
        <div className="no-print flex flex-wrap items-center gap-2">
          {/* Of bytes that can be had no more nothing is made. */}
          {!chain.deleted && (
            <>
              <PackageButton
                of={{ kind: 'chain', chainId: chain.id }}
                look="primary"
                label="Hand over evidence"
                disabled={chain.signable === 'damaged' || chain.segments === 0}
              />
              <SignButton chainId={chain.id} signable={chain.signable} signed={signed} />
              <ChainMenu chain={chain} canSignAgain={signed !== null && chain.signable === 'now'} />
            </>
          )}
        </div>
      </div>
      <ChainState chain={chain} />
    </header>
  );
}
