/** Bits of a place behind those of its chain, and behind those of its ordinal. */
const BEHIND_CHAIN = 128;
const BEHIND_ORDINAL = 64;

/**
 * Where a row of the lake stands, as a `place`: one number, which the engine compares and adds to lists many times faster than a tuple of texts. Places are in
 * order of chain and ordinal; a record that lies in an open segment and in the closed one, which has a digest, has two. Beside it what is at the place.
 */
export const PLACE_COLUMNS = `bitOr(bitShiftLeft(toUInt256(toUInt128(chain_id)), ${BEHIND_CHAIN}), bitOr(bitShiftLeft(toUInt256(ordinal), ${BEHIND_ORDINAL}), if(segment_digest = '', 0, sipHash64(segment_digest)))) AS place,
      segment_digest, byte_offset, byte_length, hash`;

/** Of rows of one record: its places, the first of them, and what is there. */
export const FIRST_PLACE = `groupArray(place) AS places, min(place) AS first, argMin(segment_digest, place) AS digest, argMin(byte_offset, place) AS offset, argMin(byte_length, place) AS size, argMin(hash, place) AS stated`;

/** The chain of a place, as a number. */
export function chainNumberSql(place: string): string {
  return `toUInt128(bitShiftRight(${place}, ${BEHIND_CHAIN}))`;
}

/** The id of the chain of such a number. */
export function chainIdSql(number: string): string {
  return `UUIDNumToString(CAST(reverse(reinterpretAsFixedString(${number})) AS FixedString(16)))`;
}

export function ordinalSql(place: string): string {
  return `toUInt64(bitShiftRight(${place}, ${BEHIND_ORDINAL}))`;
}
