import { Ban, EyeOff } from 'lucide-react';
import { formatCount } from '@/app/_components/format/number';
import { buttonClass } from '@/app/_components/ui/button';
import { Kbd } from '@/app/_components/ui/kbd';
import type { Session } from '@/lib/schemas/sessions';
import { BY, type By, type Only } from './use-line';

/** Steps that stand out, alone. Several ways together show steps of any of them. */
export function LineFilters({
  session,
  only,
  onChange,
  by,
  onGroup,
}: {
  session: Session;
  only: readonly Only[];
  onChange: (only: Only[]) => void;
  /** How steps are grouped; null where there is no other way. */
  by: By | null;
  onGroup: (by: By) => void;
}) {
  const ways = [
    { way: 'denied' as const, word: 'Denied', icon: Ban, count: session.counts.deny ?? 0, tone: 'text-d-deny' },
    { way: 'redacted' as const, word: 'Redacted', icon: EyeOff, count: session.redacted, tone: 'text-d-transform' },
  ];
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b px-4 py-1.5">
      <h2 className="mr-2 font-medium">Steps</h2>
      {ways.map(({ way, word, icon: Icon, count, tone }) => {
        const isOn = only.includes(way);
        return (
          <button
            key={way}
            type="button"
            aria-pressed={isOn}
            disabled={count === 0 && !isOn}
            onClick={() => onChange(isOn ? only.filter((one) => one !== way) : [...only, way])}
            className={`${buttonClass('plain', 'sm')} aria-pressed:bg-chosen`}
          >
            <Icon size={13} aria-hidden className={tone} />
            {word} <span className="font-normal text-muted tabular">{formatCount(count)}</span>
          </button>
        );
      })}
      {by && (
        <div role="group" aria-label="Grouped" className="flex rounded-md border p-0.5">
          {BY.map((way) => (
            <button
              key={way}
              type="button"
              aria-pressed={way === by}
              onClick={() => onGroup(way)}
              className="h-6 rounded-md px-2 text-xs text-muted hover:text-ink aria-pressed:bg-chosen aria-pressed:text-ink"
            >
              By {way}
            </button>
          ))}
        </div>
      )}
      <p className="ml-auto flex items-center gap-1.5 text-xs text-faint max-sm:hidden">
        <Kbd>J</Kbd> <Kbd>K</Kbd> next and before, <Kbd>Enter</Kbd> opens
      </p>
    </div>
  );
}
