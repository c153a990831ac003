import type { ColumnType, Generated } from 'kysely';

/** What the log's entries are about. */
export type LogEntryKind =
  | 'attestation'
  | 'revocation'
  | 'supersession'
  | 'package'
  | 'report-run'
  | 'tombstone'
  | 'key';

/** The log's name and key, on record from its first signature on and never changed. */
export type LogIdentityTable = { id: Generated<number>; origin: string; public_key: Buffer; created_at: Date };

/** Entries from 0 on without a gap, never changed. */
export type LogEntriesTable = {
  index: number;
  kind: LogEntryKind;
  /** What it is about: id of an attestation, digest of a package's manifest, of a report run or of a tombstone, hint of a key. */
  about: string;
  /** The leaf. */
  entry: Buffer;
  leaf_hash: Buffer;
  appended_at: Date;
};

/** Roots of the full tiles, made again from the entries when they are missing. */
export type LogTilesTable = { level: number; index: number; hash: Buffer };

/** Every head we signed, with our signature alone. */
export type LogCheckpointsTable = { size: number; root_hash: Buffer; note: string; signed_at: Date };

/** The witnesses that are configured, or were. */
export type LogWitnessesTable = {
  verifier_key: string;
  url: string;
  /** Leaves of the newest checkpoint it cosigned, as far as we know. */
  size: Generated<number>;
  cosigned_at: Date | null;
  attempts: Generated<number>;
  next_try_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  failure: string | null;
  failed_at: Date | null;
};

/** Cosignatures that were checked, as lines of a note. */
export type LogCosignaturesTable = { size: number; verifier_key: string; line: string; cosigned_at: Date };
