import type { Line } from '../bytes/lines';

/**
 * What a tool's own verifier says of a log. `ok` covers warnings it prints; `unchained` that it found no chain and does not mind;
 * `partial` a chain that begins late; `corrupt` that it could not read on; `crash` that it ends with an error it does not catch;
 * `not-followed` that what it says was not worked out, for the reason given.
 */
export type ReferenceFinding = {
  verdict: 'ok' | 'failed' | 'corrupt' | 'partial' | 'unchained' | 'crash' | 'not-followed';
  /** Line of the first failure as that tool counts lines, 1-based; null when it passes or names none. */
  line: number | null;
  /** In the tool's own words. */
  message: string;
};

/** Records that follow one another and are canonical, see `CanonicalLine`. */
export type CanonicalRun = {
  lines: number;
  /** The units of UTF-16 they are, newlines among them. */
  units: number;
  /** The hash the first names as that of the record before, a digest, and the last one's own. */
  prev: string;
  hash: string;
  /** The writer's own numbers of the first and the last, where the format numbers. */
  firstSequence: number | null;
  lastSequence: number | null;
};

/** Follows the tool's verifier down a log: every line in order, blank ones too. Holds a few strings in memory. */
export type ReferenceWalk = {
  line(line: Line): void;
  /** Takes records as `line` would take them one by one, without their bytes. False, and nothing is taken, where they have to be. */
  pass?(run: CanonicalRun): boolean;
  end(): ReferenceFinding;
};
