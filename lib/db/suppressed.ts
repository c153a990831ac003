import 'server-only';
import { type RawBuilder, sql } from 'kysely';

/** Of a row of `suppressions` called `s`: whether it is in force. */
export const IN_FORCE = sql<boolean>`(s.ended_at IS NULL AND s.expires_at > now())`;

/** Of a finding whether suppressions may hide it: what was decided, or confirmed as true, is shown whatever they say. */
export function hideable(finding: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${finding}.status NOT IN ('resolved', 'closed') AND ${finding}.verdict IS DISTINCT FROM 'true_positive')`;
}

/** Whether a suppression that is in force hides a finding, which is a row of a query by this name. */
export function isHidden(finding: string): RawBuilder<boolean> {
  const row = sql.id(finding);
  return sql<boolean>`(${hideable(row)} AND EXISTS (
    SELECT FROM suppressed_findings h JOIN suppressions s ON s.id = h.suppression_id WHERE h.finding_id = ${row}.id AND ${IN_FORCE}))`;
}
