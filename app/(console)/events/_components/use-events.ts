'use client';
import {
  type Dispatch,
  type RefObject,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { api } from '@/app/_components/api/client';
import { type Asked, type EventItem, eventsPath, keyOf } from '@/app/_components/explorer/asked';
import type { Run } from '@/app/_components/explorer/use-run';
import type { Rows } from '@/app/_components/explorer/rows';
import type { Period } from '@/lib/schemas/common';
import { EventsPage } from '@/lib/schemas/events';

const PAGE = 100;
/** Rows before the end at which older ones are read. */
const AHEAD = 40;
const LIVE_MS = 2_000;

type Held = { items: EventItem[]; cursor: string | null; state: 'loading' | 'ready' | 'failed'; error: unknown };
const NOTHING: Held = { items: [], cursor: null, state: 'loading', error: null };

export type Events = Rows & { items: EventItem[]; hasMore: boolean; retry: () => void };

/** The records a search finds, newest first, older ones as they are scrolled to. While live, newer ones come in at the top. A search that is stopped finds no more. */
export function useEvents(
  { asked, isStopped }: Pick<Run, 'isStopped'> & { asked: Asked & Period },
  live: boolean,
): Events {
  const { q, from, to, run } = asked;
  const [held, setHeld] = useState(NOTHING);
  const reading = useRef<AbortController | null>(null);

  const read = useCallback(
    async (cursor: string | null) => {
      const abort = new AbortController();
      reading.current?.abort();
      reading.current = abort;
      try {
        const path = eventsPath(
          '',
          { q, from, to, ...(run && { run }) },
          { limit: String(PAGE), ...(cursor && { cursor }) },
        );
        const page = await api(EventsPage, path, { signal: abort.signal });
        setHeld((was) => ({
          items: cursor === null ? page.items : [...was.items, ...page.items],
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
    [q, from, to, run],
  );

  useEffect(() => {
    setHeld((was) => ({ ...was, state: isStopped ? 'ready' : 'loading' }));
    if (!isStopped) void read(null);
    return () => reading.current?.abort();
  }, [read, isStopped]);

  useLive(live, { q, from, to }, reading, setHeld);
  const { items, cursor, state, error } = held;
  const show = useCallback(
    (_first: number, last: number) => {
      if (cursor !== null && state === 'ready' && reading.current === null && last >= items.length - AHEAD)
        void read(cursor);
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
      retry: () => void read(items.length === 0 ? null : cursor),
    }),
    [items, show, state, error, cursor, read],
  );
}

/** While live, what arrives comes in at the top. */
function useLive(
  live: boolean,
  { q, from, to }: { q: string } & Period,
  reading: RefObject<AbortController | null>,
  setHeld: Dispatch<SetStateAction<Held>>,
): void {
  useEffect(() => {
    if (!live) return;
    const abort = new AbortController();
    const timer = setInterval(() => {
      if (reading.current) return;
      // What arrives is of now, which moves on behind the end that was asked for.
      const until = new Date(Math.max(Date.parse(to), Date.now() + 60_000)).toISOString();
      api(EventsPage, eventsPath('', { q, from, to: until }, { limit: String(PAGE) }), { signal: abort.signal }).then(
        (page) => setHeld((was) => withNewer(was, page)),
        () => undefined, // the next one says the same, and what is shown stays
      );
    }, LIVE_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [live, q, from, to, reading, setHeld]);
}

/** With what came since; where so much came that the page does not reach what is held, the list begins again. */
function withNewer(was: Held, page: EventsPage): Held {
  const known = new Set(was.items.map(keyOf));
  const added = page.items.filter((item) => !known.has(keyOf(item)));
  if (added.length === 0) return was;
  if (added.length === page.items.length && page.nextCursor !== null)
    return { ...was, items: page.items, cursor: page.nextCursor };
  return { ...was, items: [...added, ...was.items] };
}
