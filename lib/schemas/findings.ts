import * as z from 'zod';
import { Measures } from '../core/rules/kinds/measures';
import { RequestedInstant, Instant, Level, PageQuery, Sha256, page, someOf, sortBy } from './common';

export const FindingStatus = z.enum(['open', 'acknowledged', 'closed']);

/** A record that proves a finding. */
const FindingRecord = z.object({
  chainId: z.uuid(),
  ordinal: z.number().int(),
  /** Null while the record's segment is open. */
  segmentDigest: Sha256.nullable(),
  byteOffset: z.number().int(),
  byteLength: z.number().int(),
  hash: z.string(),
  recordedAt: Instant,
});

export const Finding = z.object({
  id: z.uuid(),
  ruleId: z.string(),
  /** SHA-256 of the rule's YAML as it ran. */
  ruleDigest: Sha256,
  title: z.string(),
  level: Level,
  status: FindingStatus,
  /** Group-by fields and their values, e.g. `{ session_id: "sess-1" }`. */
  group: z.record(z.string(), z.string()),
  /** Half-open window the records lie in. */
  windowFrom: Instant,
  windowTo: Instant,
  /** What the kind of its rule states, by the type of its correlation; `evidence` is of a finding about stored evidence: no rule counted records. */
  measures: z.discriminatedUnion('kind', [Measures, z.object({ kind: z.literal('evidence') })]),
  /** Records in evidence, all of them counted; `records` of the detail lists the first 1,000. */
  recordCount: z.number().int(),
  chains: z.array(z.object({ id: z.uuid(), name: z.string() })),
  foundAt: Instant,
});
export type Finding = z.infer<typeof Finding>;

export const FindingDetail = Finding.extend({
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
export type FindingDetail = z.infer<typeof FindingDetail>;

export const FindingSort = sortBy(['window', 'level', 'records']);
export type FindingSort = z.infer<typeof FindingSort>;
export const FindingsQuery = PageQuery.extend({
  status: someOf(FindingStatus.options).optional(),
  level: someOf(Level.options).optional(),
  ruleId: z.guid().optional(),
  chainId: z.uuid().optional(),
  from: RequestedInstant.optional(),
  to: RequestedInstant.optional(),
  /** `-window`, the end of its window, where it is left out; `level` has the worst first, and of a level the newest window. */
  sort: FindingSort.optional(),
});
export const FindingPatch = z.object({ status: FindingStatus });
export const FindingPage = page(Finding);
