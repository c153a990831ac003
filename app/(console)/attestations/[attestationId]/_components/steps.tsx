import { CircleCheck, CircleX } from 'lucide-react';
import { Card } from '@/app/_components/ui/card';
import type { CheckStep } from '@/lib/schemas/attestations';

/** The checks this page ran as it was opened, each with what was compared. */
export function Steps({ steps, isQuiet }: { steps: readonly CheckStep[]; /** What was signed is that the log does not hold: that a signature does is nothing to be glad of. */ isQuiet: boolean }) {
  return (
    <Card title="Checked just now" flush>
      <ol className="divide-y divide-line">
        {steps.map(({ id, title, ok, detail }) => {
          const Icon = ok ? CircleCheck : CircleX;
          return (
            <li key={id} className="flex gap-3 px-4 py-3">
              <Icon size={18} aria-hidden className={`mt-px shrink-0 ${!ok ? 'text-v-tampered' : isQuiet ? 'text-muted' : 'text-v-verified'}`} />
              <div className="min-w-0">
                <h3 className="font-medium">
                  {title} <span className="sr-only">{ok ? 'holds' : 'does not hold'}</span>
                </h3>
                <p className="mt-0.5 text-muted [overflow-wrap:anywhere]">{detail}</p>
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
