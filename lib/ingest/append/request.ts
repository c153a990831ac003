import type { Actor } from '../../access/actor';
import type { FormatId } from '../../core/chain/format';

/** Bytes for the end of a chain, decoded. */
export type AppendRequest = {
  /** Name of the chain; made by the first append to it. */
  chain: string;
  /** Overrides recognition. */
  format?: FormatId;
  bytes: Buffer;
  /**
   * What the sender takes the chain to end in. `lines`: nothing; what the chain ends in already is left out, and lines whose predecessor
   * has not come yet are refused for a while.
   */
  precondition: { kind: 'offset'; offset: number } | { kind: 'prev'; hash: string } | { kind: 'lines' };
  /** Sent again with the same bytes, the same answer is given. */
  idempotency: { key: string; bodySha256: string } | null;
  actor: Actor;
  /** What the sender has still to send after this. */
  lagBytes?: number;
};

/** Plain bytes of one append. */
export const MAX_APPEND_BYTES = 64 * 1024 * 1024;
/** Bytes of an open segment at which senders are asked to wait: nobody closes it. */
export const MAX_OPEN_BYTES = 256 * 1024 * 1024;
/** Bytes of appends this process holds at once. */
export const MAX_WAITING_BYTES = 128 * 1024 * 1024;
/** Bytes at the end of a chain that a repeated delivery is looked for in. */
export const OVERLAP_BYTES = 8 * 1024 * 1024;
/** How long lines wait for their predecessor before they are taken in as they are. */
export const HOLD_MS = 30_000;
/** Problems an answer lists. */
export const MAX_ANSWERED_PROBLEMS = 100;
