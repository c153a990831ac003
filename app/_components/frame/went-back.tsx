'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** Milliseconds within which a page that was gone back to is shown, or asked for anew. */
const PATIENCE_MS = 1_000;

/**
 * Shows what the address says after going back or forward. The router of Next 16.4 stays where it was when somebody
 * goes back twice within a moment of a reload: the second step waits for an answer to the first that the second
 * has thrown away. Asking for the page anew answers it, and keeps uploads that are under way.
 */
export function WentBack() {
  const router = useRouter();
  const address = addressOf(usePathname(), useSearchParams());
  const shown = useRef(address);
  // An effect, since what is rendered and then waits is not shown.
  useEffect(() => {
    shown.current = address;
  }, [address]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onPopState = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { pathname, search } = window.location;
        if (shown.current !== addressOf(pathname, new URLSearchParams(search))) router.refresh();
      }, PATIENCE_MS);
    };
    window.addEventListener('popstate', onPopState);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('popstate', onPopState);
    };
  }, [router]);
  return null;
}

function addressOf(path: string, search: URLSearchParams): string {
  return `${path}?${search}`;
}
