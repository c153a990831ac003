import * as z from 'zod';
import { Chain, WaitingStage } from './chains';
import { RequestedPeriod, ChainVerdict, Decision, Instant, Level, Period } from './common';
import { EvidenceState } from './evidence';
import { Finding } from './findings';
import { DefinitionAsRun } from './report-definitions';
import { StuckJobs } from './stuck';

export const DecisionCounts = z.partialRecord(Decision, z.number().int());
/** One bar: records by decision from `at`, `bucketSeconds` long. Empty buckets are present with no counts. */
export const Bucket = z.object({ at: Instant, counts: DecisionCounts });
export type Bucket = z.infer<typeof Bucket>;

/** A value and how many records have it. */
const Counted = z.object({ value: z.string(), count: z.number().int() });
const Coverage = z.object({ records: z.number().int(), attested: z.number().int() });

export const Overview = z.object({
  period: Period,
  chains: z.number().int(),
  records: z.number().int(),
  byVerdict: z.partialRecord(ChainVerdict, z.number().int()),
  /** Worst first, at most five; then newest. */
  attention: z.array(Chain),
  /** New findings that nothing hides, each level counted up to 1,000. */
  findingsOpen: z.partialRecord(Level, z.number().int()),
  oldestOpenFindingAt: Instant.nullable(),
  newestFindings: z.array(Finding),
  bucketSeconds: z.number().int(),
  activity: z.array(Bucket),
  coverage: Coverage,
  /** What is not signed though it should be. */
  unsigned: z.object({
    waiting: z.number().int(),
    failed: z.number().int(),
    /** Chains whose oldest unsigned record is older than their policy allows, oldest first; the first five. */
    overdue: z.array(z.object({ chainId: z.uuid(), chain: z.string(), since: Instant })),
  }),
  /** Stored evidence that is not what was received, and when all of it was read back last. */
  stored: EvidenceState,
  /** What failed every time so far; the first five. */
  stuck: StuckJobs,
  /** Time all records span, where the period has none; else null, as when none states a time. */
  recordedSpan: Period.nullable(),
  /** The same figures of the period and of as long a time just before it. */
  change: z.object({
    before: Period,
    records: z.tuple([z.number(), z.number()]),
    denied: z.tuple([z.number(), z.number()]),
    /** Counted up to 1,000. */
    findings: z.tuple([z.number(), z.number()]),
  }),
  /** Of the records of the period, the values that most have, at most five. */
  top: z.object({
    agents: z.array(Counted),
    tools: z.array(Counted),
    /** Of those that were refused. */
    deniedTargets: z.array(Counted),
  }),
  /** Of the chains of each verdict, their records and how many of them are signed. */
  coverageByVerdict: z.partialRecord(ChainVerdict, Coverage),
  /** What is not as far as it will be, by the stage it waits for: how many chains, and for how long the first of them. */
  waiting: z.array(z.object({ stage: WaitingStage, chains: z.number().int(), oldestSeconds: z.number().int() })),
  /** Chains whose sender has most bytes still to send, as it last said, at most five. */
  behind: z.array(z.object({ chainId: z.uuid(), chain: z.string(), bytes: z.number().int() })),
});
export type Overview = z.infer<typeof Overview>;
/** What of it is of a period. */
export type Happened = Pick<Overview, 'bucketSeconds' | 'activity' | 'recordedSpan' | 'change' | 'top'>;
/** What of it is so now. */
export type Standing = Omit<Overview, 'period' | keyof Happened>;

export const Report = z.object({
  /** Of one that is kept: what it was made of. Left out where it is every record and every part. */
  definition: DefinitionAsRun.pick({ name: true, scope: true, timeZone: true, sections: true }).optional(),
  period: Period,
  generatedAt: Instant,
  summary: z.object({
    chains: z.number().int(),
    records: z.number().int(),
    sessions: z.number().int(),
    agents: z.number().int(),
    denied: z.number().int(),
    secretsRedacted: z.number().int(),
    /** Records in which secrets were redacted. */
    secretEvents: z.number().int(),
    /** Records of kind `request`: calls of a model; those of them that were denied, and others at a limit; and the sessions they are of. */
    requests: z.number().int(),
    requestsDenied: z.number().int(),
    requestSessions: z.number().int(),
    /** Records that name a path, requests left out: those that were let through, and those denied. */
    filesAccessed: z.number().int(),
    filesDenied: z.number().int(),
    costUsd: z.number(),
    findings: z.number().int(),
    /** The first and the last time that the records state; null without any. */
    recorded: z.object({ first: Instant, last: Instant }).nullable(),
  }),
  bucketSeconds: z.number().int(),
  activity: z.array(Bucket),
  /** Every chain with records in the period, by name, the first 500: what of it lies in the period, beside what is known of it as a whole. */
  chains: z.array(Chain.extend({ inPeriod: Coverage })),
  /** Those beyond, together. */
  moreChains: Coverage.extend({ chains: z.number().int() }),
  /** Verdicts of all of them. */
  byVerdict: z.partialRecord(ChainVerdict, z.number().int()),
  /** Records that state no time a period could hold, and the chains with most of them, at most 20. */
  untimed: z.object({
    records: z.number().int(),
    chains: z.number().int(),
    most: z.array(z.object({ chainId: z.uuid(), chain: z.string(), records: z.number().int() })),
  }),
  topTools: z.array(z.object({ tool: z.string(), counts: DecisionCounts, total: z.number().int() })),
  blocked: z.array(
    z.object({
      recordedAt: Instant,
      chainId: z.uuid(),
      chain: z.string(),
      ordinal: z.number().int(),
      agent: z.string(),
      tool: z.string(),
      target: z.string(),
      reason: z.string(),
    }),
  ),
  blockedTotal: z.number().int(),
  findingsByLevel: z.partialRecord(Level, z.number().int()),
  /** The worst of them, of a level the newest first, at most 50. */
  worstFindings: z.array(
    Finding.pick({
      id: true,
      level: true,
      status: true,
      title: true,
      windowFrom: true,
      windowTo: true,
      recordCount: true,
    }).extend({ chains: z.array(z.object({ id: z.uuid(), name: z.string() })) }),
  ),
  /** Those of them that suppressions hide now. */
  findingsSuppressed: z.number().int(),
  /** Of the period. */
  coverage: Coverage,
});
export type Report = z.infer<typeof Report>;
/** What of a report is counted by chain. */
export type ReportChains = Pick<Report, 'chains' | 'moreChains' | 'byVerdict' | 'coverage'> & {
  /** How many there are. */
  total: number;
};
/** What of it is the same however many chains there are. */
export type ReportFigures = Omit<Report, keyof ReportChains | 'summary' | 'definition'> & {
  summary: Omit<Report['summary'], 'chains'>;
};

export const CsvKind = z.enum(['access-log', 'blocked', 'secret-events', 'findings', 'integrity', 'rule-looks']);
export type CsvKind = z.infer<typeof CsvKind>;
/** `bom=1` for Excel. */
export const CsvQuery = RequestedPeriod.and(z.object({ bom: z.stringbool().default(false) }));
