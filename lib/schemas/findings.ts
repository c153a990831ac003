import * as z from 'zod';
import { Measures } from '../core/rules/kinds/measures';
import { ChainRecord } from './chains';
import { ChainVerdict, RequestedInstant, Instant, Level, PageQuery, Sha256, page, someOf, sortBy } from './common';
import { Assignee, FindingAct, FindingChange, FindingStatus, FindingVerdict, SeenBefore } from './triage';

/** A record that proves a finding. */
export const FindingRecord = z.object({
  chainId: z.uuid(),
  ordinal: z.number().int().min(0),
  /** Null while the record's segment is open. */
  segmentDigest: Sha256.nullable(),
  byteOffset: z.number().int(),
  byteLength: z.number().int(),
  hash: z.string(),
  recordedAt: Instant,
});
export type FindingRecord = z.infer<typeof FindingRecord>;

export const Finding = z.object({
  id: z.uuid(),
  ruleId: z.string(),
  /** SHA-256 of the rule's YAML as it ran. */
  ruleDigest: Sha256,
  title: z.string(),
  level: Level,
  status: FindingStatus,
  /** What it was found to be, where somebody said so. */
  verdict: FindingVerdict.nullable(),
  assignee: Assignee.nullable(),
  /** The suppression that hides it now; the one that does longest, where several do. */
  suppressedBy: z.object({ id: z.uuid(), title: z.string(), expiresAt: Instant }).nullable(),
  /** Group-by fields and their values, e.g. `{ session_id: "sess-1" }`. */
  group: z.record(z.string(), z.string()),
  /** Half-open window the records lie in. */
  windowFrom: Instant,
  windowTo: Instant,
  /** What the kind of its rule states, by the type of its correlation; `evidence` is of a finding about stored evidence: no rule counted records. */
  measures: z.discriminatedUnion('kind', [Measures, z.object({ kind: z.literal('evidence') })]),
  /** Records in evidence, all of them counted; `records` of the detail lists the first 1,000. */
  recordCount: z.number().int(),
  /** The chains its records lie in, each with its verdict as it is now. */
  chains: z.array(z.object({ id: z.uuid(), name: z.string(), verdict: ChainVerdict })),
  /** By these verdicts, as they are now: `does_not_hold` when one of the chains is broken, `unchecked` while one is checked and none is broken. */
  evidence: z.enum(['holds', 'does_not_hold', 'unchecked']),
  foundAt: Instant,
  /** When somebody took it up first; kept when it is opened again. */
  acknowledgedAt: Instant.nullable(),
  /** When it was resolved or closed; null while it is not. */
  decidedAt: Instant.nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** With what its rule says and the records that prove it. */
export const FindingInFull = Finding.extend({
  description: z.string(),
  falsePositives: z.array(z.string()),
  tags: z.array(z.string()),
  /** Ids of MITRE ATLAS and of the OWASP Top 10s for LLM and agentic applications. */
  atlas: z.array(z.string()),
  owasp: z.array(z.string()),
  /** What to do about it; empty where the rule does not say. */
  runbook: z.string(),
  ruleYaml: z.string(),
  records: z.array(FindingRecord),
});
export type FindingInFull = z.infer<typeof FindingInFull>;

export const FindingDetail = FindingInFull.extend({
  /** Set when the records as they stand no longer give it: it is in no list. */
  supersededAt: Instant.nullable(),
  /** What was done about it, the oldest first; the newest 500. */
  history: z.array(FindingAct),
  seenBefore: SeenBefore,
  /** The cases it is in; the newest 20. */
  cases: z.array(z.object({ id: z.uuid(), title: z.string(), status: FindingStatus })),
  /** Others of its session, or of its group, on the days of its window; the newest 20. */
  related: z.array(
    Finding.pick({ id: true, title: true, level: true, status: true, verdict: true, group: true, windowFrom: true }),
  ),
});
export type FindingDetail = z.infer<typeof FindingDetail>;

/** A record that proves a finding, with what it says. */
export const EvidenceRecord = FindingRecord.extend({
  chainName: z.string(),
  /** Null where the lake has no such record now: its chain was replaced, or is being loaded. */
  record: ChainRecord.nullable(),
  /** The newest attestation by whose head the record can be proven. */
  attestationId: z.uuid().nullable(),
});
export type EvidenceRecord = z.infer<typeof EvidenceRecord>;
export const EvidencePage = page(EvidenceRecord);
export const EvidenceSort = sortBy(['time', 'decision', 'tool', 'integrity', 'record', 'proof']);
export type EvidenceSort = z.infer<typeof EvidenceSort>;
export const EvidenceQuery = z.object({
  /** As they happened, unless another is asked for. */
  sort: EvidenceSort.optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(100),
});

/** Records by step over the window of a finding and some time around: those it lists, and others of its group; null where those are not known. */
export type FindingWindow = {
  stepSeconds: number;
  buckets: { at: string; found: number; others: number | null }[];
};

export const FindingSort = sortBy(['window', 'level', 'records']);
export type FindingSort = z.infer<typeof FindingSort>;
const SUPPRESSED = ['without', 'with', 'only'] as const;
/** What lists of findings are narrowed by. */
export const FindingsFilter = z.object({
  status: someOf(FindingStatus.options).optional(),
  level: someOf(Level.options).optional(),
  verdict: someOf(FindingVerdict.options).optional(),
  /** The id of a person; `none` for what nobody has. */
  assigneeId: z.string().min(1).max(100).optional(),
  ruleId: z.guid().optional(),
  /** Those that a suppression hides now: left out, which they are where it is not said, or with the others, or they alone. */
  suppressed: z.enum(SUPPRESSED).optional(),
  /** Those that this one hides now. */
  suppressionId: z.uuid().optional(),
  chainId: z.uuid().optional(),
  from: RequestedInstant.optional(),
  to: RequestedInstant.optional(),
  /** When they were found, half-open; `from` and `to` are of the windows their records lie in. */
  foundFrom: RequestedInstant.optional(),
  foundTo: RequestedInstant.optional(),
});
export type FindingsFilter = z.output<typeof FindingsFilter>;
export const FindingsQuery = PageQuery.extend({
  ...FindingsFilter.shape,
  /** With `exact` every one that matches is counted; else `total` goes up to 1,000. */
  total: z.literal('exact').optional(),
  /** `-window`, the end of its window, where it is left out; `level` has the worst first, and of a level the newest window. */
  sort: FindingSort.optional(),
});
/** Changes findings by their ids, or all that a list has: `expected` is how many that were when it was seen. */
export const FindingsChange = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(500), change: FindingChange }),
  z.strictObject({ query: FindingsFilter.strict(), expected: z.number().int().min(0), change: FindingChange }),
]);
export type FindingsChange = z.output<typeof FindingsChange>;
export const FindingPage = page(Finding);
