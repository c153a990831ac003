import type { ColumnType, Generated } from 'kysely';

/** Jobs that failed and are tried again, by kind and what they are about. */
export type JobFailuresTable = {
  id: Generated<string>;
  kind: string;
  key: string;
  /** The chain it is about, if it is about one. */
  chain_id: string | null;
  payload: ColumnType<object, string, string>;
  /** Failures in a row. */
  attempts: number;
  /** In words, for people. */
  cause: string;
  /** Of the program that failed last: another one tries at once. */
  build: string;
  first_failed_at: Date;
  last_failed_at: Date;
  /** Until then the job steps aside for others. */
  next_try_at: Date;
  /** When it was queued again after that; null until then. */
  queued_at: Date | null;
};
