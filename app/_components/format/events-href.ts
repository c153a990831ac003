import { termOf } from '@/lib/core/search/edit';
import type { Period } from '@/lib/schemas/common';

/** The records of a period that have these values, field by field, in the explorer. */
export function eventsHref({ from, to }: Period, values: Readonly<Record<string, string>> = {}): string {
  const q = Object.entries(values)
    .map(([field, value]) => termOf(field, value))
    .join(' ');
  return searchHref({ from, to }, q);
}

/** What a search finds from one record to another, both in it, in the explorer. */
export function eventsSearchHref({ from, to }: Period, q: string): string {
  const second = (at: string, more: number) => new Date(Math.floor(Date.parse(at) / 1000 + more) * 1000).toISOString();
  return searchHref({ from: second(from, 0), to: second(to, 1) }, q);
}

function searchHref({ from, to }: Period, q: string): string {
  return `/events?${new URLSearchParams({ ...(q && { q }), from, to })}`;
}
