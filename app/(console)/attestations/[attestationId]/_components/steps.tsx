import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { Card } from '@/app/_components/ui/card';
import type { CheckStep } from '@/lib/schemas/attestation-detail';

const LOOK: Record<CheckStep['status'], { icon: typeof CircleCheck; tone: string; word: string }> = {
  passed: { icon: CircleCheck, tone: 'text-v-verified', word: 'holds' },
  failed: { icon: CircleX, tone: 'text-v-tampered', word: 'does not hold' },
  skipped: { icon: CircleDashed, tone: 'text-v-warnings', word: 'not checked' },
};

/** The checks this page ran as it was opened, each with what was compared. */
export function Steps({
  steps,
  isQuiet,
}: {
  steps: readonly CheckStep[];
  /** What was signed is that the log does not hold: that a signature does is nothing to be glad of. */
  isQuiet: boolean;
}) {
  return (
    <Card title="Checked just now" flush>
      <ol className="divide-y divide-line">
        {steps.map(({ step, title, status, detail }) => {
          const { icon: Icon, tone, word } = LOOK[status];
          return (
            <li key={step} className="flex gap-3 px-4 py-3">
              <Icon
                size={18}
                aria-hidden
                className={`mt-px shrink-0 ${status === 'passed' && isQuiet ? 'text-muted' : tone}`}
              />
              <div className="min-w-0">
                <h3 className="font-medium">
                  {title} <span className="sr-only">{word}</span>
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
