import { formatCount } from '../format/number';
import type { RibbonGhost } from './layout';

/** What became of records witnessed beyond the end. */
export const GHOST = {
  missing: { short: 'lost', long: 'witnessed before and no longer there' },
  forked: { short: 'on another branch', long: 'witnessed before on the branch this one left' },
  rewritten: { short: 'replaced', long: 'witnessed before and since replaced by other records' },
} as const;

/** Stands on the end of the ribbon that is not there any more. */
export function GhostLabel({ ghost: { x, width, records, state }, height }: { ghost: RibbonGhost; height: number }) {
  return (
    <p
      className="@container absolute inset-y-0 flex items-center justify-center overflow-hidden text-center text-2xs leading-3 font-medium text-v-truncated"
      style={{ left: `${x}%`, width: `${width}%`, height }}
    >
      <span className="rounded-md bg-surface px-1">
        {formatCount(records)} <span className="sr-only @min-[4.5rem]:not-sr-only">{GHOST[state].short}</span>
      </span>
    </p>
  );
}
