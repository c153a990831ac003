import { sql } from 'kysely';
import { type Decided, SINCE } from '../last-action';

/** Whether rules run, and which texts of one's own there are: a row without its action, and an action without its row, differ too. */
export const RULES_DECIDED: Decided = [
  [
    'rule_settings',
    sql`
    SELECT coalesce(t.rule_id, a.subject_id) AS row, v.* FROM rule_settings t
    FULL JOIN (SELECT DISTINCT ON (subject_id) * FROM audit_log
      WHERE subject_type = 'rule' AND action IN ('rule.create', 'rule.import', 'rule.enable', 'rule.disable') ORDER BY subject_id, id DESC) AS a ON a.subject_id = t.rule_id
    CROSS JOIN LATERAL (VALUES
      ('is_enabled', CASE a.action WHEN 'rule.enable' THEN 'true' WHEN 'rule.disable' THEN 'false' ELSE a.details->>'isEnabled' END, t.is_enabled::text),
      ('changed_by_id', a.actor_id, t.changed_by_id), ('changed_by', a.actor_name, t.changed_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.changed_at >= ${SINCE}`,
  ],
  [
    'rule_versions',
    sql`
    SELECT concat_ws(' ', coalesce(t.rule_id, a.subject_id), coalesce(t.version, a.version)) AS row, v.* FROM rule_versions t
    FULL JOIN (SELECT *, coalesce((details->>'version')::int, 1) AS version FROM audit_log
      WHERE subject_type = 'rule' AND action IN ('rule.create', 'rule.import', 'rule.edit')) AS a ON a.subject_id = t.rule_id AND a.version = t.version
    CROSS JOIN LATERAL (VALUES
      ('digest', a.details->>'digest', t.digest), ('yaml', a.details->>'digest', encode(sha256(convert_to(t.yaml, 'UTF8')), 'hex')),
      ('saved_by_id', a.actor_id, t.saved_by_id), ('saved_by', a.actor_name, t.saved_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.saved_at >= ${SINCE}`,
  ],
  [
    'own_rules',
    sql`
    SELECT coalesce(t.id, a.subject_id) AS row, 'version' AS "column", a.version::text AS expected, t.version::text AS found FROM own_rules t
    FULL JOIN (SELECT subject_id, max(coalesce((details->>'version')::int, 1)) AS version FROM audit_log
      WHERE subject_type = 'rule' AND action IN ('rule.create', 'rule.import', 'rule.edit') GROUP BY subject_id) AS a ON a.subject_id = t.id
    WHERE a.subject_id IS NOT NULL OR EXISTS (SELECT FROM rule_versions v WHERE v.rule_id = t.id AND v.saved_at >= ${SINCE})`,
  ],
];
