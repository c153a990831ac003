import { clsx } from 'clsx';
import type { Proposal } from './use-proposals';

/** What can be taken for what is being written. */
export function Proposals({
  id,
  proposals,
  at,
  onTake,
}: {
  id: string;
  proposals: readonly Proposal[];
  at: number;
  onTake: (proposal: Proposal) => void;
}) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label="Proposals"
      className="popup absolute inset-x-0 top-9 z-30 max-h-80 overflow-y-auto p-1"
    >
      {proposals.map((proposal, index) => (
        <li
          key={proposal.text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(proposal);
          }}
          className={clsx(
            'flex h-8 cursor-pointer items-center gap-3 rounded-md px-2 text-xs',
            index === at ? 'bg-hover' : 'hover:bg-hover',
          )}
        >
          <span className="min-w-0 flex-1 truncate font-mono">{proposal.label}</span>
          <span className="truncate text-muted">{proposal.aside}</span>
        </li>
      ))}
    </ul>
  );
}
