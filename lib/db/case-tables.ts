import type { ColumnType, Generated } from 'kysely';
import type { CaseChanges } from '../schemas/cases';
import type { FindingStatus } from '../schemas/triage';

/** Findings of one story under a title. */
export type CasesTable = {
  id: Generated<string>;
  workspace_id: string;
  title: string;
  status: FindingStatus;
  /** A person's id. */
  owner_id: string | null;
  /** As they were called then. */
  created_by: string;
  created_at: Date;
  updated_at: Date;
};

export type CaseFindingsTable = { case_id: string; finding_id: string };

/** What people did about cases; rows are only ever added. */
export type CaseActsTable = {
  id: Generated<string>;
  case_id: string;
  acted_at: Date;
  actor_kind: 'person' | 'token' | 'system';
  actor_id: string;
  actor_name: string;
  changes: ColumnType<CaseChanges, string, never>;
  note: string | null;
};
