import * as z from 'zod';
import { AFTER_FROM, Instant, Millisecond, PageQuery, Period, Sha256, isInOrder, page } from './common';

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

/** A governance report that is kept as it was made. */
export const ReportRun = z.object({
  id: z.uuid(),
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
export const ReportRunsQuery = PageQuery;
export const NewReportRun = z.object({ from: Millisecond, to: Millisecond }).refine(isInOrder, AFTER_FROM);
