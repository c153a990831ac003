import { Lock } from 'lucide-react';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RetryButton } from '@/app/_components/stuck/retry-button';
import { Time } from '@/app/_components/time/time';
import { VerdictSentence } from '@/app/_components/verdict/verdict-sentence';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { ChainDetail } from '@/lib/schemas/chains';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { ChainForwarding } from './chain-forwarding';
import { ChainLive } from './chain-live';

/** The verdict in a sentence, and whatever is not as usual with the chain. */
export function ChainState({ chain }: { chain: ChainDetail }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 text-ink">
        <VerdictMark verdict={chain.verdict} size="lg" />
        <span className="text-sm text-faint">{FORMAT_LABEL[chain.format]}</span>
      </p>
      <p className="mt-1">
        <VerdictSentence chain={chain} />
      </p>
      {chain.sealedAt && (
        <p className="mt-1 flex items-center gap-x-2">
          <Lock size={14} aria-hidden />
          <span>
            Sealed <Time at={chain.sealedAt} /> by {chain.sealedBy}: it accepts no more records.
          </span>
        </p>
      )}
      <ChainLive chain={chain} />
      <ChainForwarding chain={chain} />
      {chain.damage && (
        <p className="mt-1 text-v-tampered" role="alert">
          {chain.damage}
        </p>
      )}
      {chain.failure && <Failed chain={chain} failure={chain.failure} />}
      {chain.verdict === 'pending' && !chain.failure && <BeingChecked chain={chain} />}
    </>
  );
}

function Failed({ chain, failure }: { chain: ChainDetail; failure: string }) {
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-v-tampered">
      <span>
        {chain.stuck ? 'Stuck' : 'A stage could not do its work'}: {failure}
      </span>
      <RetryButton chainId={chain.id} name={chain.name} />
    </p>
  );
}

function BeingChecked({ chain: { records, progress, queue } }: { chain: ChainDetail }) {
  return (
    <p className="mt-1" role="status">
      {formatCount(progress.verified)} of {formatNoun(records, 'record')} checked.
      {queue &&
        queue.chains > 1 &&
        ` ${formatNoun(queue.chains, 'chain')} are being checked; this one is number ${formatCount(queue.place)}.`}{' '}
      This page follows by itself.
    </p>
  );
}
