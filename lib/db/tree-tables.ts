import type { FormatId } from '../core/chain/format';

/** What a segment contributes to the tree over its chain's records; made again from evidence when it is missing. See `SegmentTree`. */
export type SegmentTreesTable = {
  digest: string;
  format: FormatId;
  /** Records before the segment in the chain, modulo 256. */
  phase: number;
  records: number;
  /** Whether lines lie between the records that are none. */
  damaged: boolean;
  /** Hashes of 32 bytes. */
  head: Buffer;
  /** For each full tile its root, and the byte it begins at in the segment in 8 bytes, big-endian. */
  tiles: Buffer;
  /** Byte at which the tail begins. */
  tail_offset: number;
  tail: Buffer;
};

/** Heads of chains we signed as checkpoints. A chain whose records were replaced goes on in another epoch, as another log. */
export type ChainCheckpointsTable = {
  chain_id: string;
  epoch: number;
  size: number;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
};
