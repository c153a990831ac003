type At = Date;

/** Rules that people wrote. `id` is as the text states it, and of two that differ in their letters' case there is one. */
export type OwnRulesTable = {
  id: string;
  /** The one that is in force. */
  version: number;
};

/** Every text a rule of one's own ever had; rows are added and never changed. */
export type RuleVersionsTable = {
  rule_id: string;
  /** From 1. */
  version: number;
  /** SHA-256 of the text as UTF-8. */
  digest: string;
  yaml: string;
  /** As the text says, for where it is not read: another release may refuse it. */
  title: string;
  saved_by_id: string;
  saved_by: string;
  saved_at: At;
  note: string | null;
};

/** What was decided about a rule, shipped or own; one without a row is enabled. */
export type RuleSettingsTable = {
  rule_id: string;
  is_enabled: boolean;
  changed_by_id: string;
  changed_by: string;
  changed_at: At;
  /** Of one that was taken out by itself: what the event lake said. */
  reason: string | null;
};

/** What running each text of a rule took. */
export type RuleCostsTable = {
  rule_digest: string;
  runs: number;
  elapsed_ms: number;
};

/**
 * That a text which came into force looks at what was recorded before, newest first. What is recorded meanwhile it looks at as every rule does. A text
 * without a row looks at each chain as a whole when the chain has something new.
 */
export type RuleBackfillsTable = {
  rule_digest: string;
  rule_id: string;
  /** Cancelled by somebody, or with its rule; `done` when it has looked at all of it. */
  state: 'running' | 'done' | 'cancelled';
  /** What there was when it began, half-open; null before that, and where there was nothing. */
  records_from: At | null;
  records_to: At | null;
  /** From here on all of it was looked at. */
  looked_to: At | null;
  requested_at: At;
  ended_at: At | null;
};
