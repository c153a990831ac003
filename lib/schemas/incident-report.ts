import * as z from 'zod';
import { CaseAct } from './cases';
import { Decision, Instant, Level, Period, Sha256 } from './common';
import { DefinitionAsRun } from './report-definitions';
import { Finding, FindingInFull } from './findings';
import { FindingStatus } from './triage';

const Count = z.number().int().min(0);

/** A record that proves findings: where it lies, what it says, and what it is proven by. */
export const IncidentRecord = z.object({
  chainId: z.uuid(),
  chain: z.string(),
  ordinal: Count,
  recordedAt: Instant,
  agent: z.string(),
  sessionId: z.string(),
  tool: z.string(),
  target: z.string(),
  decision: Decision,
  reason: z.string(),
  /** Empty while its segment is open. */
  segmentSha256: z.union([Sha256, z.literal('')]),
  /** In the chain. */
  byteOffset: Count,
  byteLength: Count,
  hash: z.string(),
  /** Address of its proof, under that of the installation. */
  proof: z.string(),
  /** Findings it proves, by id. */
  findings: z.array(z.uuid()),
});
export type IncidentRecord = z.infer<typeof IncidentRecord>;

const IncidentFinding = Finding.omit({ chains: true, evidence: true })
  .extend(
    FindingInFull.pick({
      description: true,
      falsePositives: true,
      tags: true,
      atlas: true,
      owasp: true,
      runbook: true,
      ruleYaml: true,
    }).shape,
  )
  .extend({ chains: z.array(z.object({ id: z.uuid(), name: z.string() })) });

/** What happened, from a case or from findings that were chosen: what was found, by which records, and what people did about it. */
export const IncidentReport = z.object({
  kind: z.literal('incident'),
  definition: DefinitionAsRun.pick({ name: true, timeZone: true }),
  period: Period,
  generatedAt: Instant,
  /** Null of findings that were chosen. */
  case: z
    .object({
      id: z.uuid(),
      title: z.string(),
      status: FindingStatus,
      owner: z.string().nullable(),
      createdBy: z.string(),
      createdAt: Instant,
      updatedAt: Instant,
    })
    .nullable(),
  totals: z.object({
    findings: Count,
    byLevel: z.partialRecord(Level, Count),
    /** Distinct records that are listed, and chains they are in. */
    records: Count,
    chains: Count,
    acts: Count,
  }),
  /** In the order of their windows. */
  findings: z.array(IncidentFinding),
  /** What people did about the case, the oldest first; the newest 500. */
  history: z.array(CaseAct),
  /** The records that prove the findings, at most 1,000 of each, in the order of their time. */
  records: z.array(IncidentRecord),
});
export type IncidentReport = z.infer<typeof IncidentReport>;
