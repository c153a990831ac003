import type { ColumnType, Generated } from 'kysely';

/**
 * Actions in the order in which they were committed, each chained to the one before by its hash. A transaction inserts `audit_id` and `body`; the trigger of
 * the table makes the line when the transaction commits.
 */
export type ActivityLinesTable = {
  /** The row of `audit_log`; all zeros for the line that says where the chain begins. */
  audit_id: string;
  /** The action as canonical JSON, until it is part of a line. */
  body: string | null;
  /** From 1, without gaps. */
  seq: number | null;
  hash: string | null;
  /** Null once a closed segment of evidence holds it. */
  line: string | null;
};

/** What is counted until its minute is over, and is one action then. */
export type ActivityFoldsTable = {
  /** When it begins. */
  minute: Date;
  /** What is counted together. */
  key: string;
  action: string;
  /** The action where it is many. */
  many_action: string;
  actor: ColumnType<FoldedActor, string, never>;
  subject_id: string;
  details: ColumnType<Record<string, string | number | boolean | null>, string, never>;
  count: number;
};
type FoldedActor = {
  kind: 'person' | 'token' | 'system';
  id: string;
  name: string;
  role: string;
  workspaceId: string;
};

/** What Sealtrail came to by itself, until it is part of an action. */
export type ActivityPendingTable = {
  id: Generated<number>;
  action: string;
  /** What the action is about. */
  subject_id: string;
  /** What was come to, by its id or in a word. */
  item: string;
};

/** How far lines are in evidence; one row. */
export type ActivityCarryTable = {
  is_only: Generated<boolean>;
  /** Number of the last line that is in evidence; 0 when none is. */
  carried_seq: number;
  /** Whether actions that must be recorded are refused, because too many lines wait. */
  is_refusing: boolean;
  /** Since when lines cannot be carried, and why; null while they can. */
  trouble_since: Date | null;
  trouble: string | null;
  /** Times in a row that lines were carried since they could not be. */
  successes: number;
  /** When the database was compared with the chain last, and how many differences there were. */
  checked_at: Date | null;
  differences: Generated<number>;
};
