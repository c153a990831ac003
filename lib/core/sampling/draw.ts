import { NEWLINE_BYTES } from '../bytes/newline';

/** How a sample is drawn: in words that are written beside it. */
export const SAMPLE_METHOD = 'least SHA-256 of seed, newline and line';

/** A seed is one word of printable ASCII, so that it can be read out, and written into a command. */
export const SEED_PATTERN = /^[A-Za-z0-9._:-]{1,128}$/;
export const MOST_SAMPLED = 500;

/** A SHA-256 that is fed piece by piece, as `createHash` of Node gives one. */
type Digest = { update(bytes: Uint8Array): unknown; digest(encoding: 'hex'): string };

/** A record that was drawn: the SHA-256 by which it was, its line in the population, counted from 0, and what it was pushed with. */
export type Drawn<T> = { rank: string; line: number; of: T };

/** Lines pushed so far, in the order of the population, and those drawn of them. */
export type Draw<T> = {
  push(line: Uint8Array, of: T): void;
  /** Of the population as one file, each line with a newline behind it. `drawn` has the least rank first. */
  result(): { population: { records: number; sizeBytes: number; sha256: string }; drawn: Drawn<T>[] };
};

/**
 * Draws `size` lines of a population by a seed: those whose SHA-256 over seed, newline and line is least, of equal lines the earlier. Which they are
 * hangs on the seed and on what the lines are, not on how many come before, so that anybody who has the lines draws the same with any SHA-256; and
 * whoever did not choose the seed could not steer it. Holds `size` of them, however many there are.
 */
export function createDraw<T>(newDigest: () => Digest, { seed, size }: { seed: string; size: number }): Draw<T> {
  const population = newDigest();
  const prefix = new TextEncoder().encode(`${seed}\n`);
  const drawn: Drawn<T>[] = [];
  let [records, sizeBytes] = [0, 0];
  return {
    push(line, of) {
      population.update(line);
      population.update(NEWLINE_BYTES);
      const digest = newDigest();
      digest.update(prefix);
      digest.update(line);
      const rank = digest.digest('hex');
      // What has the rank of one that is there already comes later.
      const at = drawn.findLastIndex((one) => one.rank <= rank) + 1;
      if (at < size) drawn.splice(at, 0, { rank, line: records, of });
      if (drawn.length > size) drawn.pop();
      records += 1;
      sizeBytes += line.length + 1;
    },
    result: () => ({ population: { records, sizeBytes, sha256: population.digest('hex') }, drawn }),
  };
}
