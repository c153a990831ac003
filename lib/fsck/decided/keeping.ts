import { sql } from 'kysely';
import { type Decided, SINCE, last } from '../last-action';

/** For how long chains are kept, and what is under a legal hold. */
export const KEEPING_DECIDED: Decided = [
  [
    'retention_policies',
    sql`
    SELECT coalesce(t.chain_id::text, a.subject_id, 'installation') AS row, v.* FROM retention_policies t
    FULL JOIN (SELECT * FROM (SELECT DISTINCT ON (subject_id) * FROM audit_log WHERE subject_type = 'retention-policy' ORDER BY subject_id, id DESC) AS l
      WHERE action = 'retention.set') AS a ON a.subject_id = coalesce(t.chain_id::text, 'installation')
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.set_at IS NOT NULL THEN 'retention.set' END),
      ('keep_days', a.details->>'keepDays', t.keep_days::text), ('set_by', a.actor_name, t.set_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.set_at >= ${SINCE}`,
  ],
  [
    'legal_holds',
    sql`
    SELECT coalesce(t.id::text, a.subject_id) AS row, v.* FROM legal_holds t
    FULL JOIN (SELECT * FROM audit_log WHERE subject_type = 'legal-hold' AND action = 'hold.place') AS a ON a.subject_id = t.id::text
    LEFT JOIN LATERAL ${last('legal-hold', sql`t.id`, ['hold.lift'])} AS lifted ON true
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.id IS NOT NULL THEN 'hold.place' END),
      ('chain_id', a.details->>'chainId', t.chain_id::text),
      ('reason', coalesce(a.details->>'reasonSha256', encode(sha256(convert_to(t.reason, 'UTF8')), 'hex')), encode(sha256(convert_to(t.reason, 'UTF8')), 'hex')),
      ('placed_by', a.actor_name, t.placed_by), ('lifted_by', lifted.actor_name, t.lifted_by),
      ('lifted_at', coalesce((lifted.details->>'liftedAt')::timestamptz, CASE WHEN lifted.id IS NOT NULL THEN t.lifted_at END)::text, t.lifted_at::text)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.placed_at >= ${SINCE}`,
  ],
];
