import type { ChainDetail } from '@/lib/schemas/chains';
import { formatCount, formatNoun } from '../format/number';
import { VerdictSentence } from '../verdict/verdict-sentence';
import { VerdictMark } from '../verdict/verdict-mark';

/** The verdict of the chain a file went to, or how far its check has come. */
export function TrayVerdict({ chain }: { chain: ChainDetail | undefined }) {
  return (
    <p>
      <VerdictMark verdict={chain?.verdict ?? 'pending'} />{' '}
      <span className="text-muted">
        {chain?.failure ?? (chain && chain.verdict !== 'pending' ? <VerdictSentence chain={chain} /> : progress(chain))}
      </span>
    </p>
  );
}

function progress(chain: ChainDetail | undefined): string {
  if (!chain || chain.records === 0) return 'Stored. Waiting for its check.';
  return `Stored. ${formatNoun(chain.progress.verified, 'record')} of ${formatCount(chain.records)} checked.`;
}
