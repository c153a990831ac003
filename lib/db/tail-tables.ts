import type { ColumnType, Generated } from 'kysely';
import type { SegmentCheck } from '../core/chain/check';
import type { ProblemCode, Severity } from '../core/chain/problem';
import type { AppendReceipt } from '../schemas/appends';

/** A chain that grows by appends. Byte counts are from the start of the chain: closed <= complete <= size. */
export type TailsTable = {
  chain_id: string;
  /** Bumped by every change of the row. */
  version: number;
  /** End of the closed segments. */
  closed_bytes: number;
  closed_records: number;
  closed_lines: number;
  /** End of everything accepted. */
  size_bytes: number;
  /** End of the last complete line; what follows waits for its newline. */
  complete_bytes: number;
  /** Records in complete lines, those of closed segments included. */
  records: number;
  /** The check of everything up to `complete_bytes`. */
  result: ColumnType<SegmentCheck, string, string>;
  /** When the first byte of the open segment came; null when there is none. */
  opened_at: Date | null;
  appended_at: Date;
  appended_by: string;
  /** Tells senders of one name apart; null where that was not kept. */
  appended_by_id: string | null;
  /** Ids of everybody who has appended since nothing was open. */
  appenders: Generated<string[]>;
  /** Bytes the last sender has still to send; null when it did not say. */
  lag_bytes: Generated<number | null>;
  /** Up to here records are in the lake, as of the open segment or of closed ones. */
  loaded_bytes: number;
  loaded_records: number;
  loaded_lines: number;
  /** Up to this record the rules have seen the chain. */
  searched_records: Generated<number>;
  /** The open segment is to be closed as soon as can be. */
  close_wanted: Generated<boolean>;
  /** Names the key of the seals; null when what is open has none. */
  seal_key: Generated<string | null>;
  /** Over how far everything reaches. */
  seal: Generated<Buffer | null>;
};

/** Bytes of the open segment in the order they came; `byte_offset` counts from the start of the chain. */
export type TailPiecesTable = {
  chain_id: string;
  byte_offset: number;
  bytes: Buffer;
  sha256: Buffer;
  /** Over place and digest; null when its tail has none. */
  seal: Buffer | null;
};

/** Problems of the open segment, placed in the chain. Once it is closed those of the check of the segment take their place. */
export type TailProblemsTable = {
  chain_id: string;
  n: Generated<number>;
  code: ProblemCode;
  severity: Severity;
  record: number;
  line: number;
  byte_offset: number;
  byte_length: number;
  expected: string | null;
  found: string | null;
  message: string;
};

/** Appends sent under an Idempotency-Key, with what was answered. Kept for a day. */
export type AppendKeysTable = {
  chain_id: string;
  key: string;
  body_sha256: string;
  receipt: ColumnType<AppendReceipt, string, string>;
  received_at: Date;
};
