import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { clsx } from 'clsx';
import type { DescribedRow } from '@/lib/verify/page/outcome';

const LOOK: Record<DescribedRow['status'], { icon: typeof CircleCheck; tone: string; word: string }> = {
  passed: { icon: CircleCheck, tone: 'text-v-verified', word: 'holds' },
  failed: { icon: CircleX, tone: 'text-v-tampered', word: 'does not hold' },
  skipped: { icon: CircleDashed, tone: 'text-v-warnings', word: 'not checked' },
};

/** What was compared, one thing a row. */
export function Rows({ rows, label }: { rows: readonly DescribedRow[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {rows.map(({ status, title, detail }, index) => {
        const { icon: Icon, tone, word } = LOOK[status];
        return (
          <li key={`${index} ${title}`} className="flex gap-3 px-4 py-2.5">
            <Icon size={18} aria-hidden className={clsx('mt-0.5 shrink-0', tone)} />
            <div className="min-w-0 text-base">
              <h3 className="font-medium [overflow-wrap:anywhere]">
                {title}{' '}
                <span className={clsx('text-sm font-normal', status === 'passed' ? 'sr-only' : tone)}>{word}</span>
              </h3>
              <p className="text-muted [overflow-wrap:anywhere]">{detail}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
