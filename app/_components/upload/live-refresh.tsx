'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { refreshReached } from './refresh-reached';

/** Reads the page again while something on it is still being worked on. */
export function LiveRefresh({ active, everyMs = 2000 }: { active: boolean; everyMs?: number }) {
  const router = useRouter();
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refreshReached(router);
    }, everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs, router]);
  return null;
}
