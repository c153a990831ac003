import { termOf } from '@/lib/core/search/edit';
import type { Period } from '@/lib/schemas/common';

/** The records of a period that have these values, field by field, in the explorer. */
export function eventsHref({ from, to }: Period, values: Readonly<Record<string, string>> = {}): string {
  const q = Object.entries(values)
    .map(([field, value]) => termOf(field, value))
    .join(' ');
  return `/events?${new URLSearchParams({ ...(q && { q }), from, to })}`;
}
