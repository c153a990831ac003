'use client';
import { TriangleAlert } from 'lucide-react';
import { useOffline } from 'next/offline';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { refreshReached } from '../upload/refresh-reached';
import { lookAtHealth, useHealth } from './use-health';

/** Across every page while the server does not answer: what is shown is of before, and what was asked for comes when it does. */
export function UnreachedBanner() {
  const router = useRouter();
  const isOffline = useOffline();
  const isUnreached = useHealth() === 'unreached' || isOffline;
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !isUnreached) void refreshReached(router);
    was.current = isUnreached;
  }, [isUnreached, router]);
  if (!isUnreached) return null;
  return (
    <div
      role="alert"
      className="no-print flex items-start gap-2 border-b border-v-warnings/40 bg-v-warnings/10 px-4 py-2 text-sm md:px-6"
    >
      <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-v-warnings" />
      <p>
        <strong className="font-medium">Sealtrail cannot be reached.</strong> What is shown was read before. What you
        ask for is tried again by itself, and comes as soon as the server answers.{' '}
        <button type="button" className="link min-h-6" onClick={tryAgain}>
          Try again
        </button>
      </p>
    </div>
  );
}

function tryAgain(): void {
  lookAtHealth();
  // What waits in the router looks for the server at this.
  window.dispatchEvent(new Event('online'));
}
