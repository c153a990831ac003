import { CircleCheck, CircleDashed, OctagonX } from 'lucide-react';
import { Time } from '@/app/_components/time/time';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { Sidecar, SidecarFact } from '@/lib/schemas/sidecars';

/** What a file comes to: what it proves or disproves, or why it does not count. */
export function SidecarOutcome({ chain, sidecar: { fact, setAside } }: { chain: ChainDetail; sidecar: Sidecar }) {
  if (setAside) {
    return (
      <span className="inline-block text-left text-muted [overflow-wrap:anywhere]">
        Set aside by {setAside.by}, <Time at={setAside.at} />. It does not count.
      </span>
    );
  }
  if (!fact)
    return (
      <span className="text-muted">{chain.verdict === 'pending' ? 'Being verified.' : 'A newer one replaced it.'}</span>
    );
  return (
    <span className="inline-block max-w-[80ch] text-left [overflow-wrap:anywhere]">
      <Holds fact={fact} /> {fact.message}
    </span>
  );
}

const LOOK = {
  true: { word: 'Holds', icon: CircleCheck, tone: 'var(--color-v-verified)' },
  false: { word: 'Does not hold', icon: OctagonX, tone: 'var(--color-v-tampered)' },
  null: { word: 'Proves nothing', icon: CircleDashed, tone: 'var(--color-muted)' },
} as const;

/** Whether the log confirms the sidecar file, in a word. */
export function Holds({ fact: { holds } }: { fact: SidecarFact }) {
  const { word, icon: Icon, tone } = LOOK[`${holds}`];
  return (
    <span
      className="inline-flex items-center gap-1.5 align-bottom font-medium whitespace-nowrap"
      style={{ color: tone }}
    >
      <Icon size={15} aria-hidden /> {word}.
    </span>
  );
}
