'use client';
import { X } from 'lucide-react';
import { formatCountedShort } from '@/app/_components/format/counted';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { Kbd } from '@/app/_components/ui/kbd';
import type { FindingStatus } from '@/lib/schemas/triage';
import { type Act, ONE_BY_ONE, actsOn } from './use-queue';

const WORDS: Record<Act, string> = {
  take: 'Take up',
  hold: 'Hold',
  decide: 'Resolve or close',
  reopen: 'Open again',
  gather: 'Add to case',
  report: 'Incident report',
  suppress: 'Suppress…',
};

/** Appears under the queue with a selection; the keys otherwise. */
export function BulkBar({
  count,
  total,
  status,
  isAll,
  onAct,
  onAll,
  onClear,
}: {
  count: number;
  /** How many the list has on all of its pages, as far as they are counted. */
  total: number;
  status: FindingStatus;
  /** Whether all of them are selected. */
  isAll: boolean;
  onAct: (act: Act) => void;
  onAll: () => void;
  onClear: () => void;
}) {
  const all = !isAll && total > 1 && (
    <Button size="sm" look="ghost" onClick={onAll}>
      Select all {formatCountedShort(total)}
    </Button>
  );
  if (count === 0) {
    return (
      <div className="flex min-h-10 items-center justify-between gap-2 border-t px-3 text-xs text-faint">
        <p className="hidden items-center gap-1.5 lg:flex">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd> move <Kbd>A</Kbd> take up <Kbd>E</Kbd> close <Kbd>?</Kbd>
        </p>
        {all}
      </div>
    );
  }
  return (
    <div
      role="toolbar"
      aria-label="Selected findings"
      className="flex flex-wrap items-center gap-2 border-t bg-sunken px-3 py-2"
    >
      <span className="flex-1 text-xs whitespace-nowrap tabular">
        {isAll ? `All ${formatNoun(count, 'finding')}` : `${formatCount(count)} selected`}
      </span>
      {all}
      {actsOn(status)
        .filter((act) => !isAll || !ONE_BY_ONE.has(act))
        .map((act) => (
          <Button key={act} size="sm" onClick={() => onAct(act)}>
            {WORDS[act]}
          </Button>
        ))}
      <Button size="sm" look="ghost" aria-label="Clear the selection" onClick={onClear}>
        <X size={14} aria-hidden />
      </Button>
    </div>
  );
}
