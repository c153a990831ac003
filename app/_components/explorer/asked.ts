import type { EventsPage } from '@/lib/schemas/events';

export type EventItem = EventsPage['items'][number];
/** What is searched for: over a period, in a chain, or both. */
export type Asked = {
  q: string;
  from?: string;
  to?: string;
  chain?: string;
  /** The name its progress is asked for by. */
  run?: string;
};

/** A search, in the bounds of another. */
export function within(
  q: string,
  { from, to, chain }: { from?: string | undefined; to?: string | undefined; chain?: string | undefined },
): Asked {
  return { q, ...(from && to && { from, to }), ...(chain && { chain }) };
}

/** Address of what is found: the records, figures over time, values of fields, or a file of all of it. */
export function eventsPath(
  what: '' | '/histogram' | '/facets' | '.csv' | '.ndjson' | '.parquet' | '/sample' | '/sample.zip',
  { q, ...bounds }: Asked,
  more: Record<string, string> = {},
): string {
  return `/api/v1/events${what}?${new URLSearchParams({ ...(q && { q }), ...bounds, ...more })}`;
}

/** Tells records of different chains apart, as the address of the page has it. */
export function keyOf({ chainId, ordinal }: Pick<EventItem, 'chainId' | 'ordinal'>): string {
  return `${chainId}:${ordinal}`;
}
