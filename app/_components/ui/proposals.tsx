import { clsx } from 'clsx';
import type { CSSProperties } from 'react';

type Shown = { text: string; label: string; aside: string };

/** What can be taken for what is being written, one of which is chosen. Where it lies is its caller's. */
export function Proposals<P extends Shown>({
  id,
  proposals,
  at,
  onTake,
  className,
  style,
}: {
  id: string;
  proposals: readonly P[];
  at: number;
  onTake: (proposal: P) => void;
  className: string;
  style?: CSSProperties;
}) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label="Proposals"
      style={style}
      className={clsx('popup absolute z-30 max-h-80 overflow-y-auto p-1 font-sans', className)}
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
