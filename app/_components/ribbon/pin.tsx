'use client';
import { Popover } from '@base-ui/react/popover';
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Verdict } from '@/lib/core/chain/verdict';
import type { Problem } from '@/lib/schemas/chains';
import { formatCount, formatNoun } from '../format/number';
import { PROBLEM_WORDS } from '../verdict/problems';
import { VERDICT_LOOK } from '../verdict/verdicts';
import { HashCompare } from './hash-compare';
import { Neighbours } from './neighbours';
import { RecordLink } from './record-link';

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
  const problem = problems[at] ?? problems[0];
  if (!problem) return null;
  const many = problems.length > 1;
  return (
    <Popover.Root>
      <Popover.Trigger
        style={{ color: tone }}
        aria-label={
          many
            ? `${formatNoun(problems.length, 'problem')} near record ${formatCount(problem.record)}, worst: ${word}`
            : `${PROBLEM_WORDS[problem.code].title} at record ${formatCount(problem.record)}`
        }
        className="relative grid h-6 min-w-6 place-items-center rounded-full border border-current bg-surface px-1 hover:bg-hover data-popup-open:bg-hover"
      >
        <span className="flex items-center gap-0.5 text-2xs font-semibold tabular">
          <Icon size={13} />
          {many && formatCount(problems.length)}
        </span>
        <span aria-hidden className="absolute top-full left-1/2 h-1.5 w-px -translate-x-1/2 bg-current" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" sideOffset={10} collisionPadding={12} className="z-40">
          <ProblemPopup chainId={chainId} records={records} problem={problem}>
            {many && <Pager at={at} count={problems.length} onGo={setAt} />}
          </ProblemPopup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** One problem with the records around it. `children` stand beside its title. */
function ProblemPopup({
  chainId,
  records,
  problem,
  children,
}: {
  chainId: string;
  records: number;
  problem: Problem;
  children: ReactNode;
}) {
  return (
    <Popover.Popup className="popup max-h-[min(36rem,var(--available-height))] w-[min(30rem,calc(100vw-1.5rem))] overflow-y-auto p-4">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Popover.Title className="font-semibold">{PROBLEM_WORDS[problem.code].title}</Popover.Title>
          <p className="text-xs text-muted">
            <RecordLink chainId={chainId} record={problem.record} records={records} />, line {formatCount(problem.line)}
            , byte {formatCount(problem.byteOffset)}
          </p>
        </div>
        {children}
        <Popover.Close
          aria-label="Close"
          className="grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <X size={14} aria-hidden />
        </Popover.Close>
      </div>
      <Popover.Description className="mt-2">{problem.message}</Popover.Description>
      <div className="mt-3 space-y-3">
        <HashCompare expected={problem.expected} found={problem.found} />
        <Neighbours chainId={chainId} record={problem.record} />
      </div>
    </Popover.Popup>
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
