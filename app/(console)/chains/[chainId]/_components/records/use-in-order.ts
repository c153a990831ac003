'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { type Asked, type EventItem, eventsPath } from '@/app/_components/explorer/asked';
import type { Rows } from '@/app/_components/explorer/rows';
import { EventsPage } from '@/lib/schemas/events';

const PAGE = 200;
/** Rows before the end at which the next page is read. */
const AHEAD = 60;
type Held = { items: EventItem[]; cursor: string | null; state: 'loading' | 'ready' | 'failed'; error: unknown };
const NOTHING: Held = { items: [], cursor: null, state: 'loading', error: null };

export type InOrder = Rows & { items: EventItem[]; hasMore: boolean; retry: () => void };

/** The records of a chain that a search finds, page after page as they are scrolled to, and those that become searchable meanwhile. Null asks for none; a search that is stopped finds no more. */
export function useInOrder(asked: Asked | null, loaded: number, isStopped = false): InOrder {
  const path = asked && eventsPath('', asked, { limit: String(PAGE) });
  const [held, setHeld] = useState(NOTHING);
  const reading = useRef<AbortController | null>(null);
  /** How many records were searchable when the end was read last. */
  const covered = useRef(loaded);

  const read = useCallback(
    async (place: { cursor?: string; ordinal?: string }) => {
      if (path === null) return;
      const abort = new AbortController();
      reading.current?.abort();
      reading.current = abort;
      const isAnew = place.cursor === undefined && place.ordinal === undefined;
      try {
        const page = await api(EventsPage, `${path}&${new URLSearchParams(place)}`, { signal: abort.signal });
        setHeld((was) => ({
          items: isAnew ? page.items : [...was.items, ...page.items],
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
  useEffect(() => {
    if (covered.current === loaded || reading.current !== null || state !== 'ready' || cursor !== null) return;
    covered.current = loaded;
    void read({ ordinal: String((items.at(-1)?.ordinal ?? -1) + 1) });
  }, [loaded, items, state, cursor, read]);

  const show = useCallback(
    (_first: number, last: number) => {
      if (cursor !== null && state === 'ready' && reading.current === null && last >= items.length - AHEAD)
        void read({ cursor });
    },
    [cursor, state, items.length, read],
  );
  return useMemo(
    () => ({
      items,
      count: items.length,
      rowAt: (row: number) => items[row],
      show,
      state,
      error,
      hasMore: cursor !== null,
      retry: () => void read(cursor === null ? {} : { cursor }),
    }),
    [items, show, state, error, cursor, read],
  );
}
