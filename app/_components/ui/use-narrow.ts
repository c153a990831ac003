'use client';
import { useSyncExternalStore } from 'react';

const NARROW = '(width < 40rem)';
/** As `low:` says it of classes. */
const LOW = '(height < 62rem)';

/** True below 40rem. False on the server. */
export function useNarrow(): boolean {
  return useMedia(NARROW);
}

/** True of a window lower than 62rem. False on the server. */
export function useLow(): boolean {
  return useMedia(LOW);
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
