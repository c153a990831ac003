'use client';
import { useEffect, useRef } from 'react';
import { type Asked, eventsPath } from '@/app/_components/explorer/asked';
import type { EventSort } from '@/lib/core/event/table-columns';
import { PAGE, type Pages, usePages } from '@/app/_components/explorer/use-pages';

/** The records of a chain that a search finds; in its own order, which is without `sort`, also those that become searchable meanwhile. Null asks for none. */
export function useInOrder(asked: Asked | null, sort: EventSort | null, loaded: number, isStopped = false): Pages {
  const path = asked && eventsPath('', asked, { limit: String(PAGE), ...(sort && { sort }) });
  const { pages, read, reading } = usePages(path, isStopped);
  /** How many records were searchable when the end was read last. */
  const covered = useRef(loaded);
  const { items, state, hasMore } = pages;
  useEffect(() => {
    if (sort !== null || covered.current === loaded || reading.current !== null || state !== 'ready' || hasMore) return;
    covered.current = loaded;
    void read({ ordinal: String((items.at(-1)?.ordinal ?? -1) + 1) });
  }, [sort, loaded, items, state, hasMore, read, reading]);
  return pages;
}
