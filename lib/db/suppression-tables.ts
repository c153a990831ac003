import type { Generated } from 'kysely';

/** A Sigma filter that hides findings until it expires or is ended. Its text, rules and expiry are never changed: another version replaces it. */
export type SuppressionsTable = {
  id: Generated<string>;
  version: number;
  /** The version before. */
  replaces_id: string | null;
  title: string;
  reason: string;
  yaml: string;
  digest: string;
  rule_ids: string[];
  expires_at: Date;
  created_by_id: string;
  created_by: string;
  created_at: Date;
  ended_by_id: string | null;
  ended_by: string | null;
  ended_at: Date | null;
  /** When those were told of that it hid until it expired. */
  told_at: Date | null;
};

/** A finding that is none without the records that a filter leaves out. */
export type SuppressedFindingsTable = {
  finding_id: string;
  suppression_id: string;
  left_out: number;
};
