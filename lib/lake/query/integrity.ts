import type { Parameters } from './events';

/** What reads back as something else than was stored: digests of segments, and ids of chains whose open one it is. */
export type Damaged = { digests: readonly string[]; tails: readonly string[] };
export const NO_DAMAGE: Damaged = { digests: [], tails: [] };

/** The integrity of a record: of one whose segment is damaged, nothing is said to hold. With the parameters of `damageParameters`. */
export const INTEGRITY = `if(integrity = 'ok' AND (segment_digest IN {damagedDigests: Array(String)} OR (segment_digest = '' AND chain_id IN {damagedTails: Array(UUID)})), 'damaged', integrity)`;

/** The same where nothing is damaged, as is usual, is the column alone: no digest of a segment is read and compared for it. */
export function integrityOf({ digests, tails }: Damaged): string {
  return digests.length + tails.length === 0 ? 'integrity' : INTEGRITY;
}

export function damageParameters({ digests, tails }: Damaged): Parameters {
  return { damagedDigests: [...digests], damagedTails: [...tails] };
}
