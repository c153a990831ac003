import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '@/lib/schemas/chains';
import { formatCount } from '../format/number';
import { PROBLEM_TITLES } from '../verdict/problem-titles';
import { HashCompare } from './hash-compare';
import { Neighbours } from './neighbours';
import { RecordLink } from './record-link';

/** One problem with the records around it. `children` stand beside its title. */
export function ProblemShown({
  chainId,
  records,
  problem,
  onClose,
  children,
}: {
  chainId: string;
  records: number;
  problem: Problem;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <>
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p aria-hidden className="font-semibold">
            {PROBLEM_TITLES[problem.code]}
          </p>
          <p className="text-xs text-muted">
            <RecordLink chainId={chainId} record={problem.record} records={records} />, line {formatCount(problem.line)}
            , byte {formatCount(problem.byteOffset)}
          </p>
        </div>
        {children}
        <button
          type="button"
          onClick={onClose}
          aria-label="Close"
          className="grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <p className="mt-2">{problem.message}</p>
      <div className="mt-3 space-y-3">
        <HashCompare expected={problem.expected} found={problem.found} />
        <Neighbours chainId={chainId} record={problem.record} />
      </div>
    </>
  );
}
