import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../context';
import { destinationDigest, stateDigest } from '../core/decisions';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import { ACCESS_DECIDED, LINKS_DECIDED, MEMBERS_DECIDED } from './decided/access';
import { KEEPING_DECIDED } from './decided/keeping';
import { RULES_DECIDED } from './decided/rules';
import { SHARING_DECIDED } from './decided/sharing';
import { STATES } from './decided/states';
import { TRIAGE_DECIDED } from './decided/triage';
import type { Reporter } from './drift';
import { type Differing, SINCE, last } from './last-action';

/** Of each table the columns that an action set, as the last one about the row has them. Every statement is of our own text. */
const DECIDED: Readonly<Record<string, RawBuilder<Differing>>> = {
  findings: sql`
    SELECT t.id::text AS row, v.* FROM findings t
    LEFT JOIN LATERAL ${last(
      'finding',
      sql`t.id`,
      ['finding.reopen', 'finding.acknowledge', 'finding.hold', 'finding.resolve', 'finding.close', 'finding.undo'],
      sql`a.details ? 'from'`,
    )} AS moved ON true
    LEFT JOIN LATERAL (SELECT a.details->>'verdict' AS to FROM audit_log a WHERE a.subject_type = 'finding' AND a.subject_id = t.id::text AND a.details ? 'verdict' ORDER BY a.id DESC LIMIT 1) AS judged ON true
    LEFT JOIN LATERAL (SELECT a.details->>'assignee' AS to FROM audit_log a WHERE a.subject_type = 'finding' AND a.subject_id = t.id::text AND a.details ? 'assignee' ORDER BY a.id DESC LIMIT 1) AS assigned ON true
    CROSS JOIN LATERAL (VALUES
      ('status', CASE moved.action WHEN 'finding.acknowledge' THEN 'in_progress' WHEN 'finding.hold' THEN 'on_hold' WHEN 'finding.resolve' THEN 'resolved'
        WHEN 'finding.close' THEN 'closed' WHEN 'finding.undo' THEN moved.details->>'to' ELSE 'new' END, t.status),
      ('verdict', judged.to, t.verdict), ('assignee_id', assigned.to, t.assignee_id)) AS v ("column", expected, found)
    WHERE t.found_at >= ${SINCE}`,
  chains: sql`
    SELECT t.id::text AS row, v.* FROM chains t
    LEFT JOIN LATERAL ${last('chain', sql`t.id`, ['chain.seal'])} AS sealed ON true
    CROSS JOIN LATERAL (VALUES
      ('sealed_by', sealed.actor_name, t.sealed_by),
      ('sealed_at', coalesce((sealed.details->>'sealedAt')::timestamptz, CASE WHEN sealed.id IS NOT NULL THEN t.sealed_at END)::text, t.sealed_at::text)) AS v ("column", expected, found)
    WHERE t.created_at >= ${SINCE}`,
  uploads: sql`
    SELECT t.id::text AS row, v.* FROM uploads t
    JOIN audit_log a ON a.action = 'chain.upload' AND a.subject_id = t.chain_id::text AND a.details->>'uploadId' = t.id::text
    CROSS JOIN LATERAL (VALUES
      ('received_by', a.actor_name, t.received_by), ('received_by_id', a.actor_kind || ':' || a.actor_id, t.received_by_id)) AS v ("column", expected, found)
`,
  attestations: sql`
    SELECT t.id::text AS row, 'withdrawn_by' AS "column", withdrawn.actor_name AS expected, t.withdrawn_by AS found FROM attestations t
    LEFT JOIN LATERAL ${last('attestation', sql`t.id`, ['attestation.withdraw'])} AS withdrawn ON true
    WHERE t.signed_at >= ${SINCE}`,
  packages: sql`
    SELECT t.id::text AS row, v.* FROM packages t
    JOIN LATERAL ${last('package', sql`t.id`, ['package.request'])} AS a ON true
    CROSS JOIN LATERAL (VALUES
      ('requested_by', a.actor_name, t.requested_by), ('requested_by_id', a.actor_kind || ':' || a.actor_id, t.requested_by_id)) AS v ("column", expected, found)
`,
  tool_keys: sql`
    SELECT t.id::text AS row, v.* FROM tool_keys t
    JOIN LATERAL ${last('guardrail-key', sql`t.id`, ['guardrail-key.add'])} AS added ON true
    LEFT JOIN LATERAL ${last('guardrail-key', sql`t.id`, ['guardrail-key.retire'])} AS retired ON true
    CROSS JOIN LATERAL (VALUES
      ('added_by', added.actor_name, t.added_by), ('retired_by', retired.actor_name, t.retired_by)) AS v ("column", expected, found)
`,
  sidecars: sql`
    SELECT t.id::text AS row, v.* FROM sidecars t
    JOIN LATERAL ${last('sidecar', sql`t.id`, ['sidecar.add'])} AS added ON true
    LEFT JOIN LATERAL ${last('sidecar', sql`t.id`, ['sidecar.count', 'sidecar.set-aside'])} AS counted ON true
    CROSS JOIN LATERAL (VALUES
      ('chain_id', added.details->>'chainId', t.chain_id::text),
      ('kind', added.details->>'kind', t.kind),
      ('archive_sha256', added.details->>'archiveSha256', t.archive_sha256),
      ('received_by', added.actor_name, t.received_by),
      ('set_aside_by', CASE counted.action WHEN 'sidecar.set-aside' THEN counted.actor_name END, t.set_aside_by)) AS v ("column", expected, found)
`,
  suppressions: sql`
    SELECT t.id::text AS row, v.* FROM suppressions t
    JOIN LATERAL ${last('suppression', sql`t.id`, ['suppression.create'])} AS made ON true
    LEFT JOIN LATERAL (
      SELECT a.actor_id, a.actor_name FROM audit_log a WHERE a.subject_type = 'suppression'
        AND (a.action = 'suppression.end' AND a.subject_id = t.id::text OR a.action = 'suppression.create' AND a.details->>'replaces' = t.id::text AND t.ended_at IS NOT NULL)
      ORDER BY a.id LIMIT 1) AS ended ON true
    CROSS JOIN LATERAL (VALUES
      ('version', made.details->>'version', t.version::text),
      ('replaces_id', made.details->>'replaces', t.replaces_id::text),
      ('expires_at', (made.details->>'expiresAt')::timestamptz::text, t.expires_at::text),
      ('reason', coalesce(made.details->>'reasonSha256', encode(sha256(convert_to(t.reason, 'UTF8')), 'hex')), encode(sha256(convert_to(t.reason, 'UTF8')), 'hex')),
      ('created_by_id', made.actor_id, t.created_by_id), ('created_by', made.actor_name, t.created_by),
      ('ended_by_id', ended.actor_id, t.ended_by_id), ('ended_by', ended.actor_name, t.ended_by)) AS v ("column", expected, found)
`,
  attestation_policies: sql`
    SELECT coalesce(t.chain_id::text, 'installation') AS row, v.* FROM attestation_policies t
    LEFT JOIN LATERAL ${last('attestation-policy', sql`coalesce(t.chain_id::text, 'installation')`, ['policy.set', 'policy.reset'])} AS a ON true
    CROSS JOIN LATERAL (VALUES
      ('chain_id', 'policy.set', a.action),
      ('on_close', a.details->>'onClose', t.on_close::text), ('on_seal', a.details->>'onSeal', t.on_seal::text),
      ('every_records', a.details->>'everyRecords', t.every_records::text), ('every_minutes', a.details->>'everyMinutes', t.every_minutes::text),
      ('alert_after_minutes', a.details->>'alertAfterMinutes', t.alert_after_minutes::text),
      ('predicates', a.details->>'predicates', to_jsonb(t.predicates)::text), ('changed_by', a.actor_name, t.changed_by)) AS v ("column", expected, found)
    WHERE a.id IS NOT NULL OR t.changed_at >= ${SINCE}`,
  apikey: sql`
    SELECT t.id AS row, v.* FROM apikey t
    LEFT JOIN LATERAL ${last('token', sql`t.id`, ['token.create', 'token.revoke'])} AS a ON true
    CROSS JOIN LATERAL (SELECT encode(sha256(convert_to(string_agg(name, chr(10) ORDER BY n), 'UTF8')), 'hex') AS sha256
      FROM jsonb_array_elements_text(t.permissions::jsonb->'sealtrail.chains') WITH ORDINALITY AS e (name, n)) AS listed
    CROSS JOIN LATERAL (VALUES
      ('*', 'token.create', a.action),
      ('permissions', a.details->>'scopes', coalesce(t.permissions::jsonb->'sealtrail', a.details->'scopes')::text),
      ('permissions', CASE WHEN a.details ? 'chainsSha256' THEN a.details->>'chainsSha256' ELSE listed.sha256 END, listed.sha256),
      ('referenceId', CASE a.actor_kind WHEN 'person' THEN a.actor_id ELSE t."referenceId" END, t."referenceId")) AS v ("column", expected, found)
    WHERE t."createdAt" >= ${SINCE}`,
};

/** What people decided, in the rows that say so, against the actions by which they did. Those are compared with the chain of actions. */
export async function examineDecisions(ctx: Context, report: Reporter): Promise<void> {
  for (const [table, differing] of [
    ...Object.entries(DECIDED),
    ...RULES_DECIDED,
    ...TRIAGE_DECIDED,
    ...KEEPING_DECIDED,
    ...SHARING_DECIDED,
    ...LINKS_DECIDED,
    ...(ctx.env.workspaceId === DEFAULT_WORKSPACE ? ACCESS_DECIDED : MEMBERS_DECIDED),
  ]) {
    const { rows } =
      await sql<Differing>`SELECT * FROM (${differing}) AS d WHERE expected IS DISTINCT FROM found`.execute(ctx.db);
    for (const row of rows) differs(report, table, row);
  }
  await examineStates(ctx, report);
  await examineDestinations(ctx, report);
}

async function examineStates({ db, hasher }: Context, report: Reporter): Promise<void> {
  for (const [table, stated] of STATES) {
    const { rows } = await stated.execute(db);
    for (const { row, state, digest } of rows) {
      const found = stateDigest(hasher, state);
      if (digest !== null && digest !== found) differs(report, table, { row, column: '*', expected: digest, found });
    }
  }
}

async function examineDestinations({ db, hasher }: Context, report: Reporter): Promise<void> {
  const { rows } = await sql<{
    id: string;
    name: string;
    kind: string;
    address: string;
    filter: object;
    is_enabled: boolean;
    created_by: string;
    made_by: string | null;
    digest: string | null;
  }>`
    SELECT t.id, t.name, t.kind, t.address, t.filter, t.is_enabled, t.created_by, made.actor_name AS made_by, a.details->>'stateSha256' AS digest
    FROM notification_destinations t
    LEFT JOIN LATERAL ${last('destination', sql`t.id`, ['destination.create'])} AS made ON true
    LEFT JOIN LATERAL ${last('destination', sql`t.id`, ['destination.create', 'destination.change'])} AS a ON true`.execute(
    db,
  );
  for (const row of rows) {
    const found = destinationDigest(hasher, { ...row, isEnabled: row.is_enabled });
    if (row.digest !== null && row.digest !== found)
      differs(report, 'notification_destinations', { row: row.id, column: '*', expected: row.digest, found });
    if (row.made_by !== row.created_by)
      differs(report, 'notification_destinations', {
        row: row.id,
        column: 'created_by',
        expected: row.made_by,
        found: row.created_by,
      });
  }
}

function differs(report: Reporter, table: string, { row, column, expected, found }: Differing): void {
  report.drift({
    kind: 'row-differs',
    chain: null,
    what: `${table}.${column} of ${row}`,
    expected: expected ?? 'null',
    found: found ?? 'null',
    at: { table, row, column },
  });
}
