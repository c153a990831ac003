import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import { DECISION_ORDER } from '@/app/_components/verdict/decisions';
import type { Decision } from '@/lib/core/chain/event';

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

/** Address of one page of records. */
export function recordsPath(chainId: string, filter: RecordFilter, place: { from: number } | { cursor: string }, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if ('cursor' in place) query.set('cursor', place.cursor);
  else query.set('from', String(place.from));
  if (filter.q.trim()) query.set('q', filter.q.trim());
  if (filter.decision) query.set('decision', filter.decision);
  if (filter.broken) query.set('broken', 'true');
  return `/api/v1/chains/${chainId}/records?${query}`;
}
