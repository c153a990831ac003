import { Fragment } from 'react';

/** A sentence in which what stands between backticks is code. */
export function Words({ children }: { children: string }) {
  return children.split('`').map((part, at) =>
    at % 2 === 0 ? (
      <Fragment key={at}>{part}</Fragment>
    ) : (
      <code key={at} className="font-mono text-[0.92em] [overflow-wrap:anywhere]">
        {part}
      </code>
    ),
  );
}
