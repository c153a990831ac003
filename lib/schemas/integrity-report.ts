import * as z from 'zod';
import { Head, Problem } from './chains';
import { ChainVerdict, FormatId, Instant, Period, ProblemCounts, Sha256 } from './common';
import { DefinitionAsRun } from './report-definitions';

const Count = z.number().int().min(0);

/** Records of the period: in all, those whose hash covers their content, and those under a signed attestation and not. `valid` is null while the chain is being checked. */
const Records = z.object({ total: Count, valid: Count.nullable(), attested: Count, unattested: Count });

/** A signed statement over the chain. */
const Statement = z.object({
  id: z.uuid(),
  predicateType: z.string(),
  verdict: z.string(),
  firstRecord: Count,
  lastRecord: Count,
  signedAt: Instant,
  withdrawnAt: Instant.nullable(),
  bundleSha256: Sha256,
  /** Of its entry in the transparency log; null where it has none. */
  logIndex: Count.nullable(),
});

export const IntegrityOfChain = z.object({
  id: z.uuid(),
  name: z.string(),
  format: FormatId,
  /** Of the whole chain, and when it was made; null while it was never checked. */
  verdict: ChainVerdict,
  verifiedAt: Instant.nullable(),
  /** First and last time that records of the period state. */
  found: z.object({ from: Instant, to: Instant }),
  records: Records,
  /** Of the whole chain. */
  chainRecords: Count,
  segments: Count,
  /** Places of the period where a writer began again. */
  restarts: Count,
  /** Gaps in time of an hour or more that reach into the period, of the 20 longest of the chain. */
  timeGaps: z.array(z.object({ record: Count, from: Instant, to: Instant, seconds: Count })),
  /** Where the time goes back in the whole chain; null while that is not checked. */
  timeSteps: Count.nullable(),
  /** Of the period. */
  problemCounts: ProblemCounts,
  /** The first 50 of them, in the order of the file. */
  problems: z.array(Problem),
  /** Heads that were seen, the newest 20, and how many there are. */
  heads: z.array(Head.pick({ hash: true, records: true, bytes: true, observedAt: true, state: true })),
  headsTotal: Count,
  /** The newest 20, and how many there are. */
  statements: z.array(Statement),
  statementsTotal: Count,
});
export type IntegrityOfChain = z.infer<typeof IntegrityOfChain>;

/** Whether the evidence of a period holds, chain by chain. */
export const IntegrityReport = z.object({
  kind: z.literal('integrity'),
  definition: DefinitionAsRun.pick({ name: true, scope: true, timeZone: true }),
  period: Period,
  generatedAt: Instant,
  /** Of all chains: each is the sum of theirs. */
  totals: z.object({
    chains: Count,
    records: Count,
    attested: Count,
    unattested: Count,
    problems: Count,
    restarts: Count,
    timeGaps: Count,
    heads: Count,
    statements: Count,
  }),
  byVerdict: z.partialRecord(ChainVerdict, Count),
  /** By name, the first 500. */
  chains: z.array(IntegrityOfChain),
  moreChains: Count,
});
export type IntegrityReport = z.infer<typeof IntegrityReport>;
