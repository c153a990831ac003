import * as z from 'zod';
import { PROBLEM_CODES } from '../core/chain/problem';
import { DefinitionAsRun } from './report-definitions';
import {
  AFTER_FROM,
  ChainVerdict,
  FormatId,
  Instant,
  Millisecond,
  PageQuery,
  Period,
  Sha256,
  isInOrder,
  page,
} from './common';

export const ReportRunState = z.enum(['waiting', 'done', 'failed', 'cancelled']);
export type ReportRunState = z.infer<typeof ReportRunState>;

const Count = z.number().int().min(0);
/** How far the try that is under way has come. */
export const ReportRunProgress = z.object({
  /** Being made now. */
  file: z.string(),
  filesDone: Count,
  files: Count,
  /** Rows of the file so far. */
  rows: Count,
});
export type ReportRunProgress = z.infer<typeof ReportRunProgress>;

/** A file of a report that is kept: bytes in evidence under their digest; `rows` of a table. */
export const ReportRunEntry = z.object({
  path: z.string(),
  digest: Sha256,
  sizeBytes: Count,
  rows: Count.nullable(),
});
export type ReportRunEntry = z.infer<typeof ReportRunEntry>;

/** A chain with records in the period, as it stood. */
export const RestingChain = z.object({
  id: z.uuid(),
  name: z.string(),
  format: FormatId,
  verdict: ChainVerdict,
  /** Of the list of segments, and of the one that the verdict is on. */
  generation: Count,
  verifiedGeneration: Count,
  /** Hash of the last record that was verified. */
  head: z.string().nullable(),
  /** Of the whole chain, and those of them that lie in the period. */
  records: Count,
  inPeriod: Count,
  /** Every segment in order, each with its records in the period. */
  segments: z.array(
    z.object({
      sha256: Sha256,
      byteOffset: Count,
      sizeBytes: Count,
      firstRecord: Count,
      firstLine: Count,
      records: Count,
      inPeriod: Count,
    }),
  ),
  /** Of the segment that is still open, the bytes whose records are counted; null when none of them is in the period. */
  open: z.object({ fromByte: Count, toByte: Count, firstRecord: Count, inPeriod: Count, file: z.string() }).nullable(),
  /** Problems of records that no segment shows by itself: where segments meet, against heads seen before, and in the open segment. */
  problems: z.array(z.object({ record: Count, code: z.enum(PROBLEM_CODES) })),
});
export type RestingChain = z.infer<typeof RestingChain>;

const Due = z.object({ at: Instant, missed: Count });

/** `run.json`: what a report that is kept rests on. */
export const RunRecord = z.object({
  id: z.uuid(),
  /** What it was made of, and SHA-256 of that as JSON with sorted members; left out of a report of every record and every part. */
  definition: DefinitionAsRun.optional(),
  definitionSha256: Sha256.optional(),
  /** Of one that a schedule had made: when it was due, and how many due times before it went by without a run. */
  due: Due.optional(),
  period: Period,
  madeAt: Instant,
  tool: z.object({ name: z.string(), version: z.string() }),
  host: z.string(),
  chains: z.array(RestingChain),
  /** Chains that were not all checked and counted, the first 100 by name. */
  behind: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** Head of the transparency log; null before its first. */
  log: z.object({ size: Count, checkpoint: z.string() }).nullable(),
  /** Every other file but the signature. */
  files: z.array(
    z.object({
      path: z.string(),
      sha256: Sha256,
      sizeBytes: Count,
      rows: Count.nullable(),
      /** Of a table: its address in the API where that is of the same records, and of one of records what a record of the scope must be to be in it. */
      query: z.object({ get: z.string().optional(), records: z.unknown() }).nullable(),
    }),
  ),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** A report that is kept as it was made. */
export const ReportRun = z.object({
  id: z.uuid(),
  /** What it is made of, as that was when it was asked for; null where it is every record and every part. */
  definition: DefinitionAsRun.nullable(),
  /** Null of one that somebody asked for. */
  due: Due.nullable(),
  period: Period,
  state: ReportRunState,
  /** Why it is not there yet, or cannot be made. */
  failure: z.string().nullable(),
  /** Null unless it is being made. */
  progress: ReportRunProgress.nullable(),
  requestedBy: z.string(),
  requestedAt: Instant,
  /** Null until it is made. */
  madeAt: Instant.nullable(),
  /** By path; none until it is made. */
  files: z.array(ReportRunEntry),
  /** Of all files. */
  bytes: Count,
  /** SHA-256 of `run.json`, which names what the report rests on and every other file but the signature. */
  runSha256: Sha256.nullable(),
  /** Hint of the key that signed it, or the subject of the certificate. */
  signedBy: z.string().nullable(),
  /** Files of it are gone or altered. */
  damaged: z.boolean(),
});
export type ReportRun = z.infer<typeof ReportRun>;
export const ReportRunPage = page(ReportRun);
export const ReportRunsQuery = PageQuery.extend({
  /** Reports of this definition. */
  definitionId: z.uuid().optional(),
});
export const NewReportRun = z.object({ from: Millisecond, to: Millisecond }).refine(isInOrder, AFTER_FROM);
