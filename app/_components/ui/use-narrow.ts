'use client';
import { useSyncExternalStore } from 'react';

const QUERY = '(width < 40rem)';

/** True below 40rem. False on the server. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(QUERY);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(QUERY).matches,
    () => false,
  );
}
