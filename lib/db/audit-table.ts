import type { ColumnType, Generated } from 'kysely';

/** Who did what to what, one row an action; `lib/audit` writes them and says which actions there are. Ids rise with time: they order rows. */
export type AuditLogTable = {
  id: Generated<string>;
  occurred_at: Generated<Date>;
  /** Which workspace the schema is of. */
  workspace_id: Generated<string>;
  actor_kind: 'person' | 'token' | 'system';
  actor_id: string;
  /** As it was then: a person's address and a token's name may change. */
  actor_name: string;
  actor_role: string;
  action: string;
  subject_type: string;
  subject_id: string;
  details: ColumnType<Record<string, unknown>, string, never>;
};
