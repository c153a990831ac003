'use client';
import { type ReactNode, useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** What needs passkeys: where the page is at another address than the one they are for, where to go instead. Only the browser knows; its room is kept until it says so. */
export function PasskeyOrigin({ origin, children }: { origin: string; children: ReactNode }) {
  const here = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => null,
  );
  if (here === null) return <div className="invisible">{children}</div>;
  if (here === origin) return children;
  return (
    <p className="text-muted">
      Passkeys are for{' '}
      <a className="link" href={origin}>
        {origin}
      </a>
      : open this page there. Browsers take none for the number of a machine.
    </p>
  );
}
