import Link from 'next/link';
import type { ReactNode } from 'react';

/** Where a table of the Heads tab goes on. */
export function OlderLink({
  chainId,
  param,
  cursor,
  children,
}: {
  chainId: string;
  /** Of the address; each table goes on by itself. */
  param: 'before' | 'sentBefore';
  /** Null at the end. */
  cursor: string | null;
  children: ReactNode;
}) {
  if (!cursor) return null;
  return (
    <p className="mt-2 text-xs">
      <Link className="link" href={`/chains/${chainId}?tab=heads&${param}=${encodeURIComponent(cursor)}`}>
        {children}
      </Link>
    </p>
  );
}
