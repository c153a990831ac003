import type { Generated } from 'kysely';

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

/** Which texts looked at something together, by the SHA-256 of their digests, in order, a line each. Rows are added and never changed. */
export type RuleSetsTable = { digest: string; rule_digest: string; rule_id: string };

/** That rules looked at records; later several looks of one hour, and then of one day, are one row. */
export type RuleLooksTable = {
  id: Generated<string>;
  rule_set: string;
  /** What made them look: records that were appended, a chain that has another segment or other records, texts that came into force, another look that found something meanwhile; or the clock, of rules about chains. */
  how: 'appended' | 'chain' | 'backfill' | 'again' | 'chains';
  looks: number;
  first_looked_at: At;
  looked_at: At;
  /** Of the records that were looked at, the earliest and behind the latest time; null of chains themselves. */
  window_from: At | null;
  window_to: At | null;
  /** Chains that had something new; of several looks the most that one had. Null of all chains. */
  chains: number | null;
  /** What was new in them. */
  records: number;
  elapsed_ms: number;
};

/** What came of a look for a text that had records there; of the others of its set no record was theirs. */
export type RuleLookResultsTable = {
  look_id: string;
  rule_digest: string;
  /** In so many looks it was run, lacked records that any finding takes, or was taken out since the event lake failed at it. */
  ran: number;
  unable: number;
  failed: number;
  /** That it found, new ones and those that were there. */
  findings: number;
  /** Of running it by itself. */
  elapsed_ms: number;
};
