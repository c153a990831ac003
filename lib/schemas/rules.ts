import * as z from 'zod';
import { MEASURED, Measures, type KindType } from '../core/rules/kinds/measures';
import { Decision, Instant, Level, PageQuery, Period, Sha256, page, sortBy } from './common';
import { MOST_COUNTED } from './most-counted';
import { FindingStatus } from './triage';

const Count = z.number().int().min(0).max(MOST_COUNTED);

export const Rule = z.object({
  id: z.guid(),
  title: z.string(),
  level: Level,
  /** How far it is tried, in Sigma's words. */
  status: z.string(),
  description: z.string(),
  /** The type of its correlation; `record` of a rule that finds each of its records, `chain` of one about chains themselves, which looks whenever one changes. */
  kind: z.enum(['record', 'chain', ...(Object.keys(MEASURED) as KindType[])]), // its own keys
  /** The length of its window, as written; empty of a rule about chains. */
  timespan: z.string(),
  groupBy: z.array(z.string()),
  /** Ids of MITRE ATLAS and of the OWASP Top 10s for LLM and agentic applications. */
  atlas: z.array(z.string()),
  owasp: z.array(z.string()),
  /** SHA-256 of its file as it is now. */
  digest: Sha256,
  /** When this text looked at records last, or at chains; null when it never has. */
  lastRunAt: Instant.nullable(),
  /** What makes it look: records that come, at once, or the clock, for rules about chains. */
  schedule: z.object({
    on: z.enum(['records', 'clock']),
    /** Null where it is not by the clock. */
    everySeconds: z.number().nullable(),
    /** How often its text looked in the last 24 hours, counted from a full hour. */
    looksOfDay: z.number().int(),
  }),
  /** Its text has looked at records up to this time, the latest of them just before it; null of rules about chains, and before the first look. */
  watermark: Instant.nullable(),
  /**
   * What came and is not looked at yet: records, and seconds since the first of the chains that hold them was added to last. Rules that run look together; how
   * far one has still to look back is its `backfill`. Null of one that does not run, and of rules about chains.
   */
  lag: z.object({ records: z.number().int(), seconds: z.number() }).nullable(),
  /** Whether it runs. What one that is disabled found before stands. */
  isEnabled: z.boolean(),
  /** Who decided last whether it runs, and when; null where nobody did. */
  enabledBy: z.string().nullable(),
  enabledAt: Instant.nullable(),
  /** Of one that was taken out by itself, since the event lake failed at it: what that said. */
  outBecause: z.string().nullable(),
  /** What a run of its text took the event lake on average, in milliseconds, of a run together with others an equal share; null where none was counted. */
  runMs: z.number().nullable(),
  /** The version of a rule somebody wrote here, from 1; null of one that ships, which is cloned and not edited. */
  version: z.number().int().nullable(),
  /** Of findings that stand and were judged, how many there are and how many of them were false positives, each up to 1,000. */
  judged: z.object({ total: Count, falsePositives: Count }),
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
export const MAX_RULE_LENGTH = 200_000;
export const RuleText = z
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
export const RuleVersionText = RuleVersion.extend({
  yaml: z.string(),
  /** Whether the text is not the one that was saved: it does not have the SHA-256 of this version, and does not run. */
  isAltered: z.boolean(),
});
export type RuleVersionText = z.infer<typeof RuleVersionText>;
export const RuleVersionParams = RuleParams.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

/** One look of a rule at records, or at chains: also where it found nothing. Looks of an hour that is over, and later of a day, are one. */
/** Why a rule looked. */
export const LOOK_CAUSES = ['appended', 'chain', 'backfill', 'again', 'chains'] as const;
export const RuleRun = z.object({
  id: z.uuid(),
  /** SHA-256 of its text as it looked. */
  digest: Sha256,
  /** What made it look: records that were appended, a chain that has another segment or other records, its text coming into force, another look that had something new while it looked; or the clock, of rules about chains. */
  because: z.enum(LOOK_CAUSES),
  /** How many looks it stands for, the first and the last of them. */
  looks: z.number().int(),
  firstAt: Instant,
  at: Instant,
  /** The time of the records that were new, half-open; null of chains. */
  window: Period.nullable(),
  /** Chains that had something new, of several looks the most that one had; null where all were looked at. */
  chains: z.number().int().nullable(),
  /** Records that were looked at. */
  records: z.number().int(),
  /** In how many of the looks it was run; there were records of it, but not as many in one group as any finding takes; the event lake failed at it; and no record was one of its. */
  ran: z.number().int(),
  unable: z.number().int(),
  failed: z.number().int(),
  none: z.number().int(),
  /** Findings it had there, those that were there before among them. */
  findings: z.number().int(),
  /** What it took, of runs together with others an equal share, and what the looks took for all rules. */
  elapsedMs: z.number().int(),
  passMs: z.number().int(),
});
export type RuleRun = z.infer<typeof RuleRun>;
export const RuleRunPage = page(RuleRun);
export const RuleRunSort = sortBy(['at', 'because', 'chains', 'records', 'findings', 'took']);
export type RuleRunSort = z.infer<typeof RuleRunSort>;
/** Newest first, unless another order is asked for. */
export const RuleRunsQuery = PageQuery.extend({ sort: RuleRunSort.optional() });

export const RuleCheckRequest = z.object({ yaml: RuleText });
/** What a text is, as far as it is read: nothing of it is kept. */
export const RuleCheck = z.object({
  /** Of a text that is a rule. */
  rule: Rule.pick({ id: true, title: true, level: true, kind: true, timespan: true, groupBy: true }).nullable(),
  /** What keeps it from being one, with its place; empty for a rule. */
  problems: z.array(Reason),
});
export type RuleCheck = z.infer<typeof RuleCheck>;

/** Findings that a preview lists, records of each, and as far as it counts findings. */
export const MOST_PREVIEWED = 100;
export const MOST_PREVIEWED_RECORDS = 5;
export const MOST_PREVIEWED_FINDINGS = 10_000;
const MAX_PREVIEW_DAYS = 366;
export const RulePreviewRequest = z.object({
  yaml: RuleText,
  /** So many before now are looked at. */
  days: z.number().int().min(1).max(MAX_PREVIEW_DAYS),
  /** A name of its own, under which `/api/v1/events/progress` tells how far it has come. */
  run: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
});

const PreviewedRecord = z.object({
  chainId: z.uuid(),
  chain: z.string(),
  ordinal: z.number().int(),
  recordedAt: Instant,
  decision: Decision,
  tool: z.string(),
  target: z.string(),
});

/** What a rule would have found. Nothing of it is kept. */
export const RulePreview = z.object({
  period: Period,
  /** Windows that reach its threshold, up to 10,000. */
  findings: z.number().int(),
  isAll: z.boolean(),
  /** By the UTC day a window ends on; days without one are left out. */
  days: z.array(z.object({ day: z.iso.date(), findings: z.number().int() })),
  /** The newest 100, newest first. */
  items: z.array(
    z.object({
      level: Level,
      group: z.record(z.string(), z.string()),
      windowFrom: Instant,
      windowTo: Instant,
      measures: Measures,
      recordCount: z.number().int(),
      /** The first of them. */
      records: z.array(PreviewedRecord),
    }),
  ),
  /** What it took: time, and records there are in the period. */
  cost: z.object({ elapsedMs: z.number().int(), records: z.number().int() }),
});
export type RulePreview = z.infer<typeof RulePreview>;

/** `dryRun` reports and keeps nothing; `isEnabled` has what is kept run. */
export const RuleImportQuery = z.object({
  dryRun: z.stringbool().default(false),
  isEnabled: z.stringbool().default(true),
  /** What the file is called; its ending is not looked at. */
  name: z.string().max(200).default('rules'),
});

/** What became of each rule file of an import. */
export const RuleImport = z.object({
  isDryRun: z.boolean(),
  taken: z.array(z.object({ file: z.string(), id: z.string(), title: z.string(), level: Level })),
  /** Those that are here already, word for word. */
  known: z.array(z.object({ file: z.string(), id: z.string(), title: z.string() })),
  refused: z.array(z.object({ file: z.string(), ...Reason.shape })),
  /** Files of an archive whose names do not end in .yml or .yaml. */
  otherFiles: z.number().int(),
});
export type RuleImport = z.infer<typeof RuleImport>;
