/**
 * Checks a record that is wholly as its writer writes it and follows the one before, without making a string of it. What it takes, the
 * format's `check` takes without a note; of the rest it says nothing.
 */
export type FastCheck = {
  /**
   * Whether `bytes` from `from` to `to`, one line with its newline behind it, are such a record, naming `head` as its predecessor and
   * numbered one more than `sequence`. The fields below then tell of it.
   */
  follows(bytes: Uint8Array, from: number, to: number, head: string, sequence: number | null): boolean;
  hash: string;
  sequence: number | null;
  /** Where its time stands, as RFC 3339 in UTC; -1 when it is counted in `unixSeconds`. */
  timeFrom: number;
  timeTo: number;
  /** Seconds since 1970, -1 when it states no time; with the digits of the fraction where they stand, without trailing zeros. */
  unixSeconds: number;
  fractionFrom: number;
  fractionTo: number;
};

/** A fast check before its first record. */
export function unsetFastCheck(): Omit<FastCheck, 'follows'> {
  return { hash: '', sequence: null, timeFrom: -1, timeTo: -1, unixSeconds: 0, fractionFrom: 0, fractionTo: 0 };
}
