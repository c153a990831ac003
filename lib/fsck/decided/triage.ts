import { type RawBuilder, sql } from 'kysely';
import type { Decided, Differing } from '../last-action';
import { SINCE } from '../last-action';

/** Histories that were there before actions were recorded with them. */
const ACTS_SINCE = sql`(SELECT "timestamp"::timestamptz FROM kysely_migration WHERE name = '0047-triage')`;
/** Since when actions say what was written, by its digest. */
const WORDS_SINCE = sql`(SELECT "timestamp"::timestamptz FROM kysely_migration WHERE name = '0086-activity-folds')`;

/** Who did how much to each, in a history and by the actions on record: several at once are in any order. */
function acted(
  table: 'case_acts' | 'finding_acts',
  of: 'case_id' | 'finding_id',
  subject: string,
): RawBuilder<Differing> {
  return sql`
    SELECT coalesce(t.subject, a.subject_id) AS row, v.* FROM (
      SELECT ${sql.ref(of)}::text AS subject, actor_kind, actor_id, actor_name, count(*) AS n, min(acted_at) AS first FROM ${sql.table(table)} GROUP BY 1, 2, 3, 4) AS t
    FULL JOIN (
      SELECT subject_id, actor_kind, actor_id, actor_name, count(*) AS n FROM audit_log WHERE subject_type = ${sql.lit(subject)} GROUP BY 1, 2, 3, 4) AS a
      ON (a.subject_id, a.actor_kind, a.actor_id, a.actor_name) = (t.subject, t.actor_kind, t.actor_id, t.actor_name)
    CROSS JOIN LATERAL (VALUES
      ('actor_name', a.n || ' by ' || a.actor_kind || ' ' || a.actor_name, t.n || ' by ' || t.actor_kind || ' ' || t.actor_name),
      ('actor_id', a.actor_id, t.actor_id), ('actor_kind', a.actor_kind, t.actor_kind)) AS v ("column", expected, found)
    WHERE t.first IS NULL OR t.first >= ${ACTS_SINCE} OR coalesce(t.n, 0) < a.n`;
}

/** What somebody wrote that no action has the digest of. */
function written({
  table,
  column,
  of,
  subject,
  member,
}: Record<'table' | 'column' | 'of' | 'subject' | 'member', string>): RawBuilder<Differing> {
  const text = sql.ref(`t.${column}`);
  return sql`
    SELECT t.id::text AS row, ${sql.lit(column)} AS "column", 'a text whose SHA-256 an action says' AS expected, encode(sha256(convert_to(${text}, 'UTF8')), 'hex') AS found
    FROM ${sql.table(table)} t WHERE ${text} IS NOT NULL AND t.acted_at >= ${WORDS_SINCE} AND NOT EXISTS (
      SELECT FROM audit_log a WHERE a.subject_type = ${sql.lit(subject)} AND a.subject_id = ${sql.ref(`t.${of}`)}::text
        AND a.details->>${sql.lit(member)} = encode(sha256(convert_to(${text}, 'UTF8')), 'hex'))`;
}

/** What was done about findings and cases. What cases are is compared by its digest. */
export const TRIAGE_DECIDED: Decided = [
  ['finding_acts', acted('finding_acts', 'finding_id', 'finding')],
  ['case_acts', acted('case_acts', 'case_id', 'case')],
  [
    'finding_acts',
    written({
      table: 'finding_acts',
      column: 'comment',
      of: 'finding_id',
      subject: 'finding',
      member: 'commentSha256',
    }),
  ],
  ['case_acts', written({ table: 'case_acts', column: 'note', of: 'case_id', subject: 'case', member: 'noteSha256' })],
  [
    'cases',
    sql`
    SELECT coalesce(t.id::text, a.subject_id) AS row, v.* FROM cases t
    FULL JOIN (SELECT * FROM audit_log WHERE subject_type = 'case' AND action = 'case.create') AS a ON a.subject_id = t.id::text
    CROSS JOIN LATERAL (VALUES
      ('*', CASE WHEN a.id IS NOT NULL THEN 'case.create' END, CASE WHEN t.id IS NOT NULL THEN 'case.create' END),
      ('created_by', a.actor_name, t.created_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.created_at >= ${SINCE}`,
  ],
];
