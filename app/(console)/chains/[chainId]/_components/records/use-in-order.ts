'use client';
import { useEffect, useRef } from 'react';
import { type Asked, eventsPath } from '@/app/_components/explorer/asked';
import { PAGE, type Pages, usePages } from '@/app/_components/explorer/use-pages';

/** The records of a chain that a search finds, in their order, and those that become searchable meanwhile. Null asks for none. */
export function useInOrder(asked: Asked | null, loaded: number, isStopped = false): Pages {
  const { pages, read, reading } = usePages(asked && eventsPath('', asked, { limit: String(PAGE) }), isStopped);
  /** How many records were searchable when the end was read last. */
  const covered = useRef(loaded);
  const { items, state, hasMore } = pages;
  useEffect(() => {
    if (covered.current === loaded || reading.current !== null || state !== 'ready' || hasMore) return;
    covered.current = loaded;
    void read({ ordinal: String((items.at(-1)?.ordinal ?? -1) + 1) });
  }, [loaded, items, state, hasMore, read, reading]);
  return pages;
}
