import { sql } from 'kysely';
import { type Decided, SINCE, last } from '../last-action';

/** All of a person's second factor is gone with these. */
const ENDS_ALL = sql`('person.reset-second-factor', 'person.link')`;
const sha256 = (bytes: string) => sql`encode(sha256(${sql.raw(bytes)}), 'hex')`;

/** Who is invited, and is given a link to set a password by. */
export const LINKS_DECIDED: Decided = [
  [
    'access_links',
    sql`
    SELECT t.id::text AS row, v.* FROM access_links t
    LEFT JOIN LATERAL (SELECT * FROM audit_log a WHERE t.kind = 'invitation' AND a.subject_type = 'invitation' AND a.subject_id = t.id::text AND a.action = 'invitation.create'
      UNION ALL SELECT * FROM audit_log a WHERE t.kind = 'password' AND a.subject_type = 'person' AND a.subject_id = t.person_id AND a.action = 'person.reset-password'
        AND a.details->>'linkId' = t.id::text) AS a ON true
    CROSS JOIN LATERAL (VALUES
      ('*', CASE t.kind WHEN 'invitation' THEN 'invitation.create' ELSE 'person.reset-password' END, a.action), ('role', a.details->>'role', t.role),
      ('token_sha256', coalesce(a.details->>'tokenSha256', t.token_sha256), t.token_sha256),
      ('expires_at', coalesce((a.details->>'expiresAt')::timestamptz, t.expires_at)::text, t.expires_at::text), ('created_by', a.actor_name, t.created_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.kind = 'invitation' AND t.created_at >= ${SINCE}`,
  ],
];

/** Who is a member of a further workspace, as what. */
export const MEMBERS_DECIDED: Decided = [
  [
    'workspace_members',
    sql`
    SELECT t.person_id AS row, v.* FROM workspace_members t
    LEFT JOIN LATERAL ${last('person', sql`t.person_id`, ['person.create', 'person.join', 'person.change-role'])} AS a ON true
    LEFT JOIN LATERAL ${last('person', sql`t.person_id`, ['person.join', 'person.disable', 'person.enable'])} AS b ON true
    CROSS JOIN LATERAL (VALUES
      ('role', coalesce(a.details->>'to', a.details->>'role'), t.role),
      ('is_disabled', (b.action IS NOT DISTINCT FROM 'person.disable')::text, t.is_disabled::text)) AS v ("column", expected, found)`,
  ],
];

/** By what people of the installation are let in, and what is asked of them. What is done to an account is recorded in the default workspace, wherever it is done. */
export const ACCESS_DECIDED: Decided = [
  [
    'user',
    sql`
    SELECT t.id AS row, v.* FROM "user" t
    LEFT JOIN LATERAL ${last('person', sql`t.id`, ['person.create', 'person.join', 'person.change-role'])} AS a ON true
    LEFT JOIN LATERAL ${last('person', sql`t.id`, ['person.disable', 'person.enable'])} AS b ON true
    CROSS JOIN LATERAL (VALUES
      ('role', coalesce(a.details->>'to', a.details->>'role'), t.role),
      ('banned', (b.action IS NOT DISTINCT FROM 'person.disable')::text, coalesce(t.banned, false)::text)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t."createdAt" >= ${SINCE}`,
  ],
  [
    'account',
    sql`
    SELECT t.id AS row, 'password' AS "column", a.details->>'keptSha256' AS expected, ${sha256(`convert_to(t.password, 'UTF8')`)} AS found FROM account t
    JOIN LATERAL ${last('person', sql`t."userId"`, ['person.create', 'person.set-password', 'person.change-password'], sql`a.details ? 'keptSha256'`)} AS a ON true
    WHERE t."providerId" = 'credential'
    UNION ALL SELECT t.id, '*', 'none', t."providerId" FROM account t
    JOIN LATERAL ${last('person', sql`t."userId"`, ['person.create', 'person.set-password', 'person.link'])} AS a ON true
    WHERE t."providerId" = 'credential' AND (a.action = 'person.link' OR a.action = 'person.create' AND a.details ? 'subject')`,
  ],
  [
    'passkeys',
    sql`
    SELECT coalesce(t.id::text, a.passkey) AS row, v.* FROM passkeys t
    FULL JOIN (SELECT *, details->>'passkeyId' AS passkey FROM audit_log c
      WHERE subject_type = 'person' AND action = 'person.add-second-factor' AND details->>'kind' = 'passkey' AND NOT EXISTS (
        SELECT FROM audit_log d WHERE d.subject_type = 'person' AND d.subject_id = c.subject_id AND d.id > c.id
          AND (d.action IN ${ENDS_ALL} OR d.action = 'person.remove-second-factor' AND d.details->>'passkeyId' = c.details->>'passkeyId'))) AS a ON a.passkey = t.id::text
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.id IS NOT NULL THEN 'person.add-second-factor' END), ('person_id', a.subject_id, t.person_id),
      ('credential_id', coalesce(a.details->>'credentialSha256', ${sha256(`convert_to(t.credential_id, 'UTF8')`)}), ${sha256(`convert_to(t.credential_id, 'UTF8')`)}),
      ('public_key', coalesce(a.details->>'publicKeySha256', ${sha256('t.public_key')}), ${sha256('t.public_key')}),
      ('refused_at', (EXISTS (SELECT FROM audit_log r WHERE r.subject_type = 'person' AND r.action = 'person.refuse-passkey' AND r.details->>'passkeyId' = t.id::text))::text,
        (t.refused_at IS NOT NULL)::text)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.created_at >= ${SINCE}`,
  ],
  [
    'totp_secrets',
    sql`
    SELECT coalesce(t.person_id, a.subject_id) AS row, v.* FROM (SELECT * FROM totp_secrets WHERE confirmed_at IS NOT NULL) AS t
    FULL JOIN (SELECT * FROM (SELECT DISTINCT ON (subject_id) * FROM audit_log WHERE subject_type = 'person'
        AND (action IN ${ENDS_ALL} OR action IN ('person.add-second-factor', 'person.remove-second-factor') AND details->>'kind' = 'app') ORDER BY subject_id, id DESC) AS l
      WHERE action = 'person.add-second-factor') AS a ON a.subject_id = t.person_id
    CROSS JOIN LATERAL (VALUES
      ('*', a.action, CASE WHEN t.person_id IS NOT NULL THEN 'person.add-second-factor' END),
      ('confirmed_at', coalesce((a.details->>'confirmedAt')::timestamptz, t.confirmed_at)::text, t.confirmed_at::text),
      ('secret_sealed', coalesce(a.details->>'sealedSha256', ${sha256(`convert_to(t.secret_sealed, 'UTF8')`)}), ${sha256(`convert_to(t.secret_sealed, 'UTF8')`)})) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.confirmed_at >= ${SINCE}`,
  ],
  [
    'recovery_codes',
    sql`
    SELECT t.person_id AS row, 'code_sha256' AS "column", a.details->>'codesSha256' AS expected, t.codes AS found FROM (
      SELECT person_id, min(created_at) AS created_at, ${sha256(`convert_to(string_agg(code_sha256 || chr(10), '' ORDER BY code_sha256 COLLATE "C"), 'UTF8')`)} AS codes
      FROM recovery_codes GROUP BY person_id) AS t
    LEFT JOIN LATERAL ${last('person', sql`t.person_id`, ['person.add-second-factor', 'person.new-recovery-codes'], sql`a.details->>'codesSha256' IS NOT NULL`)} AS a ON true
    WHERE a.id IS NOT NULL`,
  ],
  [
    'access_policy',
    sql`
    SELECT 'the only one' AS row, v.* FROM (SELECT) AS one LEFT JOIN access_policy t ON true
    LEFT JOIN LATERAL ${last('access-policy', sql`'second-factor'`, ['access-policy.change'])} AS a ON true
    CROSS JOIN LATERAL (VALUES
      ('requires_second_factor', a.details->>'requiresSecondFactor', t.requires_second_factor::text),
      ('changed_by', a.actor_name, t.changed_by), ('changed_by_id', a.actor_id, t.changed_by_id)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.changed_at >= ${SINCE}`,
  ],
];
