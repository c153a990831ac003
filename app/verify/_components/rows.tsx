import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { clsx } from 'clsx';
import type { Outcome, Row } from '@/lib/verifier/outcome';

const LOOK: Record<Outcome, { icon: typeof CircleCheck; tone: string; word: string }> = {
  holds: { icon: CircleCheck, tone: 'text-v-verified', word: 'holds' },
  fails: { icon: CircleX, tone: 'text-v-tampered', word: 'does not hold' },
  unchecked: { icon: CircleDashed, tone: 'text-v-warnings', word: 'not checked' },
};

/** What was compared, one thing a row. */
export function Rows({ rows, label }: { rows: readonly Row[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {rows.map(({ outcome, title, detail }, index) => {
        const { icon: Icon, tone, word } = LOOK[outcome];
        return (
          <li key={`${index} ${title}`} className="flex gap-3 px-4 py-2.5">
            <Icon size={18} aria-hidden className={clsx('mt-0.5 shrink-0', tone)} />
            <div className="min-w-0 text-base">
              <h3 className="font-medium [overflow-wrap:anywhere]">
                {title} <span className={clsx('text-sm font-normal', outcome === 'holds' ? 'sr-only' : tone)}>{word}</span>
              </h3>
              <p className="text-muted [overflow-wrap:anywhere]">{detail}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
