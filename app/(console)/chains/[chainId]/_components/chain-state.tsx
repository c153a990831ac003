import { Only } from '@/app/_components/access/role';
import { Lock } from 'lucide-react';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { VerdictSentence } from '@/app/_components/verdict/verdict-sentence';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ChainForwarding } from './chain-forwarding';
import { ChainLive } from './chain-live';
import { RetryButton } from './lazy-parts';

/** The verdict in a sentence, and whatever is not as usual with the chain. */
export function ChainState({ chain }: { chain: ChainDetail }) {
  return (
    <div className="max-w-[150ch] text-sm text-muted max-md:mt-2">
      <p>
        <VerdictSentence chain={chain} />
      </p>
      {chain.sealedAt && (
        <p className="flex items-center gap-x-2">
          <Lock size={14} aria-hidden />
          <span>
            Sealed <Time at={chain.sealedAt} /> by {chain.sealedBy}: it accepts no more records.
          </span>
        </p>
      )}
      <ChainLive chain={chain} />
      <ChainForwarding chain={chain} />
      {chain.damage && (
        <p className="text-v-tampered" role="alert">
          {chain.damage}
        </p>
      )}
      {chain.failure && <Failed chain={chain} failure={chain.failure} />}
      {chain.verdict === 'pending' && !chain.failure && <BeingChecked chain={chain} />}
      {chain.verdict !== 'pending' && chain.queue && <p role="status">{waits(chain.queue)}</p>}
    </div>
  );
}

function Failed({ chain, failure }: { chain: ChainDetail; failure: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-v-tampered">
      <span>
        {chain.stuck ? 'Stuck' : 'A stage could not do its work'}: {failure}
      </span>
      <Only need="ingest">
        <RetryButton chainId={chain.id} name={chain.name} />
      </Only>
    </p>
  );
}

function BeingChecked({ chain: { records, progress, queue } }: { chain: ChainDetail }) {
  return (
    <p role="status">
      {formatCount(progress.verified)} of {formatNoun(records, 'record')} checked.
      {queue && queue.chains > 1 && ` ${waits(queue)}`} This page follows by itself.
    </p>
  );
}

/** What a stage does with chains. */
const DOES: Record<Queue['stage'], (chains: string) => string> = {
  check: (chains) => `Checking ${chains}`,
  load: (chains) => `Making ${chains} searchable`,
  detect: (chains) => `Searching ${chains} with the rules`,
  attest: (chains) => `Signing ${chains}`,
};
type Queue = NonNullable<ChainDetail['queue']>;

/** How many chains wait with this one, and when it is reached. */
function waits({ stage, chains, place, seconds }: Queue): string {
  return `${DOES[stage](formatNoun(chains, 'chain'))}; ${yours(place, seconds)}.`;
}

function yours(place: number, seconds: number | null): string {
  if (seconds === null) return `this one is number ${formatCount(place)}`;
  return seconds < 60 ? 'yours within a minute' : `yours in about ${formatNoun(Math.ceil(seconds / 60), 'minute')}`;
}
