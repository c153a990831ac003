'use client';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { EventsPage } from '@/lib/schemas/browser/events';
import type { EventItem } from './asked';
import type { Rows } from './rows';

/** Records of one answer. */
export const PAGE = 100;
/** Rows before the end at which the next page is read. */
const AHEAD = 40;

type Held = { items: EventItem[]; cursor: string | null; state: 'loading' | 'ready' | 'failed'; error: unknown };
/** Where a page begins; without either it is the first. */
type Place = { cursor?: string; ordinal?: string };
const NOTHING: Held = { items: [], cursor: null, state: 'loading', error: null };

/** The records a search finds, page after page as they are scrolled to. `retry` asks again for the page that failed. */
export type Pages = Rows & { items: EventItem[]; hasMore: boolean; retry: () => void };

/**
 * Pages of the records that `path` asks for, which is the address of the first; null asks for none, and a search that is stopped finds no more.
 * `read` goes on at a place, `reading` is the page on its way, and `change` is for what comes otherwise, null for nothing.
 */
export function usePages(
  path: string | null,
  isStopped: boolean,
): {
  pages: Pages;
  read: (place: Place) => Promise<void>;
  reading: RefObject<AbortController | null>;
  change: (change: (was: Held) => Partial<Held> | null) => void;
} {
  const [held, setHeld] = useState(NOTHING);
  const reading = useRef<AbortController | null>(null);
  const last = useRef<Place>({});

  const read = useCallback(
    async (place: Place) => {
      if (path === null) return;
      const abort = new AbortController();
      reading.current?.abort();
      reading.current = abort;
      last.current = place;
      const isFirst = place.cursor === undefined && place.ordinal === undefined;
      try {
        const page = await api(EventsPage, `${path}&${new URLSearchParams(place)}`, { signal: abort.signal });
        setHeld((was) => ({
          items: isFirst ? page.items : [...was.items, ...page.items],
          cursor: page.nextCursor,
          state: 'ready',
          error: null,
        }));
      } catch (error) {
        if (!abort.signal.aborted) setHeld((was) => ({ ...was, state: 'failed', error }));
      } finally {
        if (reading.current === abort) reading.current = null;
      }
    },
    [path],
  );

  useEffect(() => {
    setHeld((was) => (path === null ? NOTHING : { ...was, state: isStopped ? 'ready' : 'loading' }));
    if (!isStopped) void read({});
    return () => reading.current?.abort();
  }, [read, path, isStopped]);

  const { items, cursor, state, error } = held;
  const show = useCallback(
    (_first: number, end: number) => {
      if (cursor !== null && state === 'ready' && reading.current === null && end >= items.length - AHEAD)
        void read({ cursor });
    },
    [cursor, state, items.length, read],
  );
  const pages = useMemo(
    () => ({
      items,
      count: items.length,
      rowAt: (row: number) => items[row],
      show,
      state,
      error,
      hasMore: cursor !== null,
      retry: () => void read(last.current),
    }),
    [items, show, state, error, cursor, read],
  );
  return {
    pages,
    read,
    reading,
    change: useCallback(
      (change) =>
        setHeld((was) => {
          const changed = change(was);
          return changed === null ? was : { ...was, ...changed };
        }),
      [],
    ),
  };
}
