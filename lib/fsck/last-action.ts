import { type RawBuilder, sql } from 'kysely';

/** A value that is another than the actions on record give; both as text. */
export type Differing = { row: string; column: string; expected: string | null; found: string | null };

/** Since when actions are recorded: of what was there before not all is known. */
export const SINCE = sql`least((SELECT min("timestamp")::timestamptz FROM kysely_migration WHERE name = '0031-audit-log'), (SELECT min(occurred_at) FROM audit_log))`;

/** The last of some actions done to something. */
export function last(
  type: string,
  id: RawBuilder<unknown>,
  actions: readonly string[],
  also: RawBuilder<unknown> = sql`true`,
) {
  return sql`(SELECT * FROM audit_log a WHERE a.subject_type = ${type} AND a.subject_id = ${id}::text AND a.action = ANY(${[...actions]}::text[]) AND ${also}
    ORDER BY a.id DESC LIMIT 1)`;
}

/** Tables with a SELECT of what differs in each; every statement is of our own text. */
export type Decided = readonly (readonly [table: string, differing: RawBuilder<Differing>])[];
