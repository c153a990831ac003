import { CircleDashed, Database, type LucideIcon, Quote, Repeat2, Stamp } from 'lucide-react';
import { STRENGTHS, type Strength } from '@/lib/schemas/controls';

const LOOK: Record<Strength, { tone: string; icon: LucideIcon }> = {
  recomputable: { tone: 'var(--color-v-verified)', icon: Repeat2 },
  signed: { tone: 'var(--color-seal-deep)', icon: Stamp },
  stated: { tone: 'var(--color-l-low)', icon: Quote },
  kept: { tone: 'var(--color-v-warnings)', icon: Database },
  'not-evidenced': { tone: 'var(--color-v-unchained)', icon: CircleDashed },
};

/** How far evidence can be believed, as icon, words and colour. */
export function StrengthMark({ strength }: { strength: Strength }) {
  const { tone, icon: Icon } = LOOK[strength];
  return (
    <span style={{ color: tone }} className="inline-flex items-baseline gap-1.5 font-medium">
      <Icon size={14} className="shrink-0 self-center" aria-hidden />
      {STRENGTHS[strength].label}
    </span>
  );
}

/** Every strength with what it means, strongest first. */
export function Strengths() {
  return (
    <dl className="max-w-[72ch] space-y-3 text-sm">
      {(Object.keys(LOOK) as Strength[]).map((strength) => (
        <div key={strength} className="break-inside-avoid">
          <dt>
            <StrengthMark strength={strength} />
          </dt>
          <dd className="text-muted">{STRENGTHS[strength].meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
