import type { Decision } from '@/lib/core/event/fields';
import { DECISION_LOOK } from './decisions';

/** A decision as swatch and word. */
export function DecisionMark({ decision }: { decision: Decision }) {
  const { word, tone } = DECISION_LOOK[decision];
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <span aria-hidden className="size-2 shrink-0 self-center rounded-[2px]" style={{ background: tone }} />
      {word}
    </span>
  );
}
