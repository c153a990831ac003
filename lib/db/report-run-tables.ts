import type { ColumnType, Generated } from 'kysely';
import type { DefinitionAsRun } from '../schemas/report-definitions';
import type { ReportRunEntry, ReportRunProgress, ReportRunState } from '../schemas/report-runs';

/** Reports that are kept: of which period each is, and once made, its files by digest. */
export type ReportRunsTable = {
  id: Generated<string>;
  /** The half-open period. */
  recorded_from: Date;
  recorded_to: Date;
  /** The definition it is of, while there is one; and that as it was then. Null of a report of every record and every part. */
  definition_id: string | null;
  definition: ColumnType<DefinitionAsRun | null, string | null | undefined, never>;
  /** Of one that a schedule made: when it was due, and how many due times before it went by without a run. */
  due_at: ColumnType<Date | null, Date | null | undefined, never>;
  missed: ColumnType<number | null, number | null | undefined, never>;
  state: Generated<ReportRunState>;
  attempts: Generated<number>;
  next_try_at: Date;
  failure: string | null;
  /** How far the try that is under way has come. */
  progress: ColumnType<ReportRunProgress | null, string | null | undefined, string | null>;
  requested_by: string;
  requested_by_id: string;
  requested_at: Date;
  made_at: Date | null;
  /** By path. */
  entries: ColumnType<ReportRunEntry[], string | undefined, string>;
  /** SHA-256 of `run.json`, which names every other file but the bundle over them. */
  run_digest: string | null;
  /** Who signed it, as of an attestation. */
  key_hint: string | null;
  signed_by: string | null;
  signed_by_issuer: string | null;
};
