'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { lazy, useState } from 'react';
import type { Verdict } from '@/lib/core/chain/verdict';
import type { Problem } from '@/lib/schemas/chains';
import { formatCount, formatNoun } from '../format/number';
import { Popover } from '../ui/popover';
import { PROBLEM_TITLES } from '../verdict/problem-titles';
import { VERDICT_LOOK } from '../verdict/verdicts';

const ProblemShown = lazy(() => import('./problem-shown').then((loaded) => ({ default: loaded.ProblemShown })));

/** A pin over the ribbon; opens the problems gathered under it. */
export function Pin({
  chainId,
  records,
  verdict,
  problems,
}: {
  chainId: string;
  records: number;
  verdict: Verdict;
  problems: Problem[];
}) {
  const { icon: Icon, tone, word } = VERDICT_LOOK[verdict];
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const problem = problems[at] ?? problems[0];
  if (!problem) return null;
  const many = problems.length > 1;
  return (
    <Popover
      className="max-h-[min(36rem,var(--available-height))] w-[min(30rem,calc(100vw-1.5rem))] overflow-y-auto p-4"
      title={PROBLEM_TITLES[problem.code]}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          style={{ color: tone }}
          aria-label={
            many
              ? `${formatNoun(problems.length, 'problem')} near record ${formatCount(problem.record)}, worst: ${word}`
              : `${PROBLEM_TITLES[problem.code]} at record ${formatCount(problem.record)}`
          }
          className="relative grid h-6 min-w-6 place-items-center rounded-full border border-current bg-surface px-1 hover:bg-hover aria-expanded:bg-hover"
        >
          <span className="flex items-center gap-0.5 text-2xs font-semibold tabular">
            <Icon size={13} />
            {many && formatCount(problems.length)}
          </span>
          <span aria-hidden className="absolute top-full left-1/2 h-1.5 w-px -translate-x-1/2 bg-current" />
        </button>
      }
    >
      <ProblemShown chainId={chainId} records={records} problem={problem} onClose={() => setOpen(false)}>
        {many && <Pager at={at} count={problems.length} onGo={setAt} />}
      </ProblemShown>
    </Popover>
  );
}

/** From one problem under a pin to the next. */
function Pager({ at, count, onGo }: { at: number; count: number; onGo: (at: number) => void }) {
  const button = 'grid size-7 place-items-center rounded-md hover:bg-hover disabled:opacity-40';
  return (
    <div className="flex items-center text-xs text-muted">
      <button
        type="button"
        aria-label="Previous problem"
        disabled={at === 0}
        onClick={() => onGo(at - 1)}
        className={button}
      >
        <ChevronLeft size={14} aria-hidden />
      </button>
      <span className="tabular">
        {at + 1} of {count}
      </span>
      <button
        type="button"
        aria-label="Next problem"
        disabled={at === count - 1}
        onClick={() => onGo(at + 1)}
        className={button}
      >
        <ChevronRight size={14} aria-hidden />
      </button>
    </div>
  );
}
