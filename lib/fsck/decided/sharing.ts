import { sql } from 'kysely';
import { type Decided, SINCE, last } from '../last-action';

/** What was saved to be seen or sent again, and who it is sent to or shared with. What it is set to is compared by its digest. */
export const SHARING_DECIDED: Decided = [
  [
    'views',
    sql`
    SELECT coalesce(t.id::text, a.subject_id) AS row, v.* FROM views t
    FULL JOIN (SELECT * FROM audit_log c WHERE subject_type = 'view' AND action = 'view.create' AND NOT EXISTS (
      SELECT FROM audit_log d WHERE d.subject_type = 'view' AND d.subject_id = c.subject_id AND d.action = 'view.delete')) AS a ON a.subject_id = t.id::text
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.id IS NOT NULL THEN 'view.create' END),
      ('owner_id', a.actor_id, t.owner_id), ('owner_name', a.actor_name, t.owner_name)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.created_at >= ${SINCE}`,
  ],
  [
    'report_definitions',
    sql`
    SELECT coalesce(t.id::text, a.subject_id) AS row, v.* FROM report_definitions t
    FULL JOIN (SELECT * FROM audit_log c WHERE subject_type = 'report-definition' AND action = 'report-definition.create' AND NOT EXISTS (
      SELECT FROM audit_log d WHERE d.subject_type = 'report-definition' AND d.subject_id = c.subject_id AND d.action = 'report-definition.delete')) AS a ON a.subject_id = t.id::text
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.id IS NOT NULL THEN 'report-definition.create' END), ('created_by', a.actor_name, t.created_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.created_at >= ${SINCE}`,
  ],
  [
    'report_definition_destinations',
    sql`
    SELECT a.subject_id AS row, '*' AS "column",
      (SELECT coalesce(string_agg(d.id, ' ' ORDER BY d.id), '') FROM jsonb_array_elements_text(a.details->'destinationIds') AS d (id)
        WHERE NOT EXISTS (SELECT FROM audit_log x WHERE x.subject_type = 'destination' AND x.subject_id = d.id AND x.action = 'destination.delete')) AS expected,
      (SELECT coalesce(string_agg(destination_id::text, ' ' ORDER BY destination_id::text), '') FROM report_definition_destinations WHERE definition_id::text = a.subject_id) AS found
    FROM (SELECT DISTINCT ON (subject_id) * FROM audit_log WHERE subject_type = 'report-definition' ORDER BY subject_id, id DESC) AS a
    WHERE a.details ? 'destinationIds'
    UNION ALL SELECT definition_id::text, '*', NULL, destination_id::text FROM report_definition_destinations
    WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.subject_type = 'report-definition' AND a.subject_id = definition_id::text)`,
  ],
  [
    'share_links',
    sql`
    SELECT coalesce(t.id::text, a.subject_id) AS row, v.* FROM share_links t
    FULL JOIN (SELECT * FROM audit_log WHERE subject_type = 'share-link' AND action = 'share-link.create') AS a ON a.subject_id = t.id::text
    LEFT JOIN LATERAL ${last('share-link', sql`t.id`, ['share-link.revoke'])} AS revoked ON true
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.id IS NOT NULL THEN 'share-link.create' END),
      ('of_kind', a.details->>'of', t.of_kind), ('of_id', a.details->>'ofId', t.of_id::text),
      ('token_sha256', coalesce(a.details->>'tokenSha256', t.token_sha256), t.token_sha256),
      ('expires_at', coalesce((a.details->>'expiresAt')::timestamptz, t.expires_at)::text, t.expires_at::text),
      ('created_by', a.actor_name, t.created_by), ('created_by_id', a.actor_id, t.created_by_id), ('revoked_by', revoked.actor_name, t.revoked_by),
      ('revoked_at', coalesce((revoked.details->>'revokedAt')::timestamptz, CASE WHEN revoked.id IS NOT NULL THEN t.revoked_at END)::text, t.revoked_at::text)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.created_at >= ${SINCE}`,
  ],
  [
    'notification_destinations',
    sql`
    SELECT a.subject_id AS row, '*' AS "column", a.action AS expected, NULL AS found FROM audit_log a
    WHERE a.subject_type = 'destination' AND a.action = 'destination.create' AND NOT EXISTS (SELECT FROM notification_destinations t WHERE t.id::text = a.subject_id)
      AND NOT EXISTS (SELECT FROM audit_log d WHERE d.subject_type = 'destination' AND d.subject_id = a.subject_id AND d.action = 'destination.delete')`,
  ],
];
