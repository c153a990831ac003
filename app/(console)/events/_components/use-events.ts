'use client';
import { useEffect } from 'react';
import { api } from '@/app/_components/api/client';
import { type Asked, eventsPath, keyOf } from '@/app/_components/explorer/asked';
import { PAGE, type Pages, usePages } from '@/app/_components/explorer/use-pages';
import type { Run } from '@/app/_components/explorer/use-run';
import type { EventSort } from '@/lib/core/event/table-columns';
import type { Period } from '@/lib/schemas/common';
import { EventsPage } from '@/lib/schemas/browser/events';

const LIVE_MS = 2_000;

/** The records a search finds, in an order. While live, which is of the newest first, newer ones come in at the top. */
export function useEvents(
  { asked: { q, from, to, run }, isStopped }: Pick<Run, 'isStopped'> & { asked: Asked & Period },
  sort: EventSort,
  live: boolean,
): Pages {
  const path = eventsPath('', { q, from, to, ...(run && { run }) }, { limit: String(PAGE), sort });
  const { pages, reading, change } = usePages(path, isStopped);
  useEffect(() => {
    if (!live) return;
    const abort = new AbortController();
    const timer = setInterval(() => {
      if (reading.current) return;
      // What arrives is of now, which moves on behind the end that was asked for.
      const until = new Date(Math.max(Date.parse(to), Date.now() + 60_000)).toISOString();
      api(EventsPage, eventsPath('', { q, from, to: until }, { limit: String(PAGE) }), { signal: abort.signal }).then(
        (page) => change(({ items }) => withNewer(items, page)),
        () => undefined, // the next one says the same, and what is shown stays
      );
    }, LIVE_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [live, q, from, to, reading, change]);
  return pages;
}

/** With what came since; where so much came that the page does not reach what is held, the list begins again. */
function withNewer(
  items: EventsPage['items'],
  page: EventsPage,
): { items: EventsPage['items']; cursor?: string | null } | null {
  const known = new Set(items.map(keyOf));
  const added = page.items.filter((item) => !known.has(keyOf(item)));
  if (added.length === 0) return null;
  if (added.length === page.items.length && page.nextCursor !== null)
    return { items: page.items, cursor: page.nextCursor };
  return { items: [...added, ...items] };
}
