import * as z from 'zod';
import { MEASURED, type KindType } from '../core/rules/kinds/measures';
import { Instant, Level, Sha256 } from './common';

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
  /** Findings that stand, by status, each up to 1,000. */
  findings: z.object({ open: Count, acknowledged: Count, closed: Count }),
});
export type Rule = z.infer<typeof Rule>;

/** Every rule, worst first, then by title. */
export const RuleList = z.object({ items: z.array(Rule) });

export const RuleDetail = Rule.extend({
  falsePositives: z.array(z.string()),
  references: z.array(z.string()),
  /** What to do about a finding; empty where it does not say. */
  runbook: z.string(),
  yaml: z.string(),
});
export type RuleDetail = z.infer<typeof RuleDetail>;
