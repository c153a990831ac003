'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** The page is drawn again at most this often, however much is done. */
const REDRAW_MS = 2_000;

/** Draws the page again when the chain has grown. */
export function ActivityLive({ chainId }: { chainId: string }) {
  const router = useRouter();
  useEffect(() => {
    let redraw: ReturnType<typeof setTimeout> | null = null;
    let isFirst = true;
    const source = new EventSource(`/api/v1/chains/${chainId}/live`);
    source.addEventListener('chain', () => {
      // As it is drawn.
      if (isFirst) isFirst = false;
      else
        redraw ??= setTimeout(() => {
          redraw = null;
          router.refresh();
        }, REDRAW_MS);
    });
    return () => {
      source.close();
      if (redraw) clearTimeout(redraw);
    };
  }, [chainId, router]);
  return null;
}
