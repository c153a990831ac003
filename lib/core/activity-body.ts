import { canonicalJson } from './statements/dsse';

/** A row of `audit_log`. */
type Row = {
  occurred_at: Date;
  workspace_id: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  actor_role: string;
  action: string;
  subject_type: string;
  subject_id: string;
  details: object;
};

/** An action as a line of the chain holds it: canonical JSON (RFC 8785), its time to the millisecond. */
export function bodyOf(row: Row): string {
  return canonicalJson({
    action: row.action,
    actor: { id: row.actor_id, kind: row.actor_kind, name: row.actor_name, role: row.actor_role },
    details: row.details,
    subject: { id: row.subject_id, type: row.subject_type },
    time: row.occurred_at.toISOString(),
    workspaceId: row.workspace_id,
  });
}
