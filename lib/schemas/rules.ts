import * as z from 'zod';
import { MEASURED, type KindType } from '../core/rules/kinds/measures';
import { Instant, Level, Sha256, page } from './common';
import { FindingStatus } from './triage';

/** Findings of a rule are counted so far; beyond, there are at least so many. */
export const MOST_COUNTED = 1_000;
const Count = z.number().int().min(0).max(MOST_COUNTED);

export const Rule = z.object({
  id: z.guid(),
  title: z.string(),
  level: Level,
  /** How far it is tried, in Sigma's words. */
  status: z.string(),
  description: z.string(),
  /** The type of its correlation; `record` of a rule that finds each of its records. */
  kind: z.enum(['record', ...(Object.keys(MEASURED) as KindType[])]), // its own keys
  /** The length of its window, as written. */
  timespan: z.string(),
  groupBy: z.array(z.string()),
  /** Ids of MITRE ATLAS and of the OWASP Top 10s for LLM and agentic applications. */
  atlas: z.array(z.string()),
  owasp: z.array(z.string()),
  /** SHA-256 of its file as it is now. */
  digest: Sha256,
  /** When this text looked at records last; null when it never has. */
  lastRunAt: Instant.nullable(),
  /** Whether it runs. What one that is disabled found before stands. */
  isEnabled: z.boolean(),
  /** Who decided last whether it runs, and when; null where nobody did. */
  enabledBy: z.string().nullable(),
  enabledAt: Instant.nullable(),
  /** The version of a rule somebody wrote here, from 1; null of one that ships, which is cloned and not edited. */
  version: z.number().int().nullable(),
  /** How far its text has looked at what was recorded before it came into force; null where it was there first. */
  backfill: z
    .object({
      state: z.enum(['running', 'done', 'cancelled']),
      /** Of the time there is to look at, from 0 to 1, newest first. */
      share: z.number().min(0).max(1),
      requestedAt: Instant,
      endedAt: Instant.nullable(),
    })
    .nullable(),
  /** Findings that stand, by status, each up to 1,000. */
  findings: z.record(FindingStatus, Count),
});
export type Rule = z.infer<typeof Rule>;

const Reason = z.object({
  message: z.string(),
  /** From 1. */
  line: z.number().int(),
  column: z.number().int(),
});

/** A rule of one's own whose text this release does not read: it runs over nothing, and keeps no other from running. */
const StuckRule = z.object({
  id: z.string(),
  title: z.string(),
  version: z.number().int(),
  isEnabled: z.boolean(),
  reason: Reason,
});

/** Every rule, worst first, then by title; those that are not read apart. */
export const RuleList = z.object({ items: z.array(Rule), stuck: z.array(StuckRule) });
export type RuleList = z.infer<typeof RuleList>;

export const RuleDetail = Rule.extend({
  falsePositives: z.array(z.string()),
  references: z.array(z.string()),
  /** What to do about a finding; empty where it does not say. */
  runbook: z.string(),
  yaml: z.string(),
});
export type RuleDetail = z.infer<typeof RuleDetail>;

/** In UTF-16 code units. */
const MAX_RULE_LENGTH = 200_000;
const RuleText = z
  .string()
  .min(1)
  .max(MAX_RULE_LENGTH)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without NUL' });
const Note = z
  .string()
  .trim()
  .max(1_000)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), { message: 'must be text without NUL' })
  .default('');

export const NewRule = z.object({ yaml: RuleText, isEnabled: z.boolean().default(true), /** Why. */ note: Note });
export const RuleEdit = z.object({
  yaml: RuleText,
  /** The version that was edited: another that was saved meanwhile is not written over. */
  version: z.number().int().min(1),
  note: Note,
});
export const RuleSwitch = z.object({ isEnabled: z.boolean() });
export const RuleParams = z.object({ ruleId: z.guid() });

/** One text a rule had. */
export const RuleVersion = z.object({
  version: z.number().int(),
  digest: Sha256,
  title: z.string(),
  savedBy: z.string(),
  savedAt: Instant,
  note: z.string(),
});
export type RuleVersion = z.infer<typeof RuleVersion>;
/** The newest first. */
export const RuleVersionPage = page(RuleVersion);
export const RuleVersionText = RuleVersion.extend({ yaml: z.string() });
export type RuleVersionText = z.infer<typeof RuleVersionText>;
export const RuleVersionParams = RuleParams.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

export const RuleCheckRequest = z.object({ yaml: RuleText });
/** What a text is, as far as it is read: nothing of it is kept. */
export const RuleCheck = z.object({
  /** Of a text that is a rule. */
  rule: Rule.pick({ id: true, title: true, level: true, kind: true, timespan: true, groupBy: true }).nullable(),
  /** What keeps it from being one, with its place; empty for a rule. */
  problems: z.array(Reason),
});
export type RuleCheck = z.infer<typeof RuleCheck>;
