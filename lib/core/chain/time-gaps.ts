/** A silence: consecutive records, as they stand in the file, whose times are far apart. */
export type TimeGap = {
  /** 0-based ordinal of the record after it. */
  record: number;
  /** Times of the record before and the one after, RFC 3339 UTC. */
  from: string;
  to: string;
  /** Between their whole seconds. */
  seconds: number;
};

/** As many of the longest silences are kept. */
const KEPT = 20;
/** Less is no silence. */
const LEAST_SECONDS = 60;

/** Keeps the longest gaps; of equally long ones the earlier. They must come in the order of the file. */
export function createGapList(): { least(): number; add(gap: TimeGap): void; list(): TimeGap[] } {
  let kept: TimeGap[] = [];
  const least = () => (kept.length < KEPT ? LEAST_SECONDS : (kept.at(-1)?.seconds ?? 0) + 1);
  return {
    least,
    add(gap) {
      if (gap.seconds < least()) return;
      const at = kept.findIndex(({ seconds }) => seconds < gap.seconds);
      kept = kept.toSpliced(at === -1 ? kept.length : at, 0, gap).slice(0, KEPT);
    },
    list: () => kept,
  };
}

/** Seconds since 1970 of a normalised instant, its fraction cut off. */
export function wholeSeconds(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) / 1000;
}
