import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import { DECISION_ORDER } from '@/app/_components/verdict/decisions';
import type { Decision } from '@/lib/core/event/fields';

/** What the address says about the list of records. */
export const RECORD_PARAMS = {
  q: parseAsString.withDefault(''),
  decision: parseAsStringLiteral(DECISION_ORDER),
  broken: parseAsBoolean.withDefault(false),
  /** Ordinal to scroll to. */
  at: parseAsInteger,
  /** Ordinal shown in the panel. */
  record: parseAsInteger,
};
export type RecordFilter = { q: string; decision: Decision | null; broken: boolean };

export function isFiltered({ q, decision, broken }: RecordFilter): boolean {
  return q.trim() !== '' || decision !== null || broken;
}

/** What the records are narrowed by, as the API takes it. */
export function recordsFilter({ q, decision, broken }: RecordFilter): URLSearchParams {
  return new URLSearchParams({
    ...(q.trim() && { q: q.trim() }),
    ...(decision && { decision }),
    ...(broken && { broken: 'true' }),
  });
}

/** Address of one page of records. */
export function recordsPath(
  chainId: string,
  filter: RecordFilter,
  place: { from: number } | { cursor: string },
  limit: number,
): string {
  const query = recordsFilter(filter);
  query.set('limit', String(limit));
  if ('cursor' in place) query.set('cursor', place.cursor);
  else query.set('from', String(place.from));
  return `/api/v1/chains/${chainId}/records?${query}`;
}
