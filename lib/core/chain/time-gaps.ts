import { compareInstants } from '../time';

/** Consecutive records, as they stand in the file, whose times are far apart: forward, a gap; back, a clock that was set or records of several writers. */
export type TimeGap = {
  /** 0-based ordinal of the record after it. */
  record: number;
  /** Times of the record before and the one after, RFC 3339 UTC. */
  from: string;
  to: string;
  /** Between their whole seconds; at least one. */
  seconds: number;
};

/** What the times of a stretch of records show, in the order of the file. Plain JSON. */
export type Times = {
  /** Times of the first and the last record that state one. */
  opening: string | null;
  closing: string | null;
  /** Ordinal of the first that states one; 0 when left out. */
  openingRecord?: number;
  /** The longest gaps. */
  gaps: TimeGap[];
  /** Where time goes back by a second or more: how often, the largest of these, the first and the last. */
  steps?: { count: number; largest: TimeGap[]; first: TimeGap; last: TimeGap };
  /** Records that state no time that can be read. */
  untimed?: { count: number; first: number };
};

/** As many of the longest are told. */
export const REPORTED_GAPS = 20;
/** Kept on the way: one may yet turn out to be shorter. */
const KEPT = 32;
/** Less is not a gap. */
const LEAST_SECONDS = 60;

/** Keeps the longest gaps; of equally long ones the earlier. They must come in the order of the file. */
export function createGapList(leastSeconds = LEAST_SECONDS): {
  least(): number;
  add(gap: TimeGap): void;
  change(by: (gap: TimeGap) => TimeGap): void;
  list(): TimeGap[];
} {
  let kept: TimeGap[] = [];
  const least = () => (kept.length < KEPT ? leastSeconds : (kept.at(-1)?.seconds ?? 0) + 1);
  return {
    least,
    add(gap) {
      if (gap.seconds < least()) return;
      const at = kept.findIndex(({ seconds }) => seconds < gap.seconds);
      kept = kept.toSpliced(at === -1 ? kept.length : at, 0, gap).slice(0, KEPT);
    },
    change(by) {
      if (kept.every((gap) => by(gap) === gap)) return;
      kept = kept
        .map(by)
        .filter(({ seconds }) => seconds >= leastSeconds)
        .toSorted((a, b) => b.seconds - a.seconds || a.record - b.record);
    },
    list: () => kept,
  };
}

export type Timeline = {
  /** The fewest seconds from one record to the next, either way, that say something. */
  isOfNote(seconds: number): boolean;
  /** The time from one record to the next, `seconds` being negative where it goes back. */
  add(move: TimeGap): void;
  /** What a stretch that follows shows by itself. */
  append(more: Pick<Times, 'gaps' | 'steps'>): void;
  end(): Pick<Times, 'gaps' | 'steps'>;
};

/**
 * Gathers gaps, and where time goes back. A clock that was wrong makes no gap: one that reaches over the time before the step
 * back before it begins there, and one that the next step back leads into ends where that leads.
 */
export function createTimeline(start?: Pick<Times, 'gaps' | 'steps'>): Timeline {
  const gaps = createGapList();
  const largest = createGapList(1);
  for (const gap of start?.gaps.toSorted(inFileOrder) ?? []) gaps.add(gap);
  for (const step of start?.steps?.largest.toSorted(inFileOrder) ?? []) largest.add(step);
  let { count, first, last }: { count: number; first?: TimeGap; last?: TimeGap } = start?.steps ?? { count: 0 };

  function addStep(step: TimeGap): void {
    const since = last?.record ?? -1;
    gaps.change((gap) =>
      gap.record > since && isInside(step.to, gap) ? between(gap.from, step.to, step.record) : gap,
    );
    largest.add(step);
    count += 1;
    first ??= step;
    last = step;
  }

  return {
    isOfNote: (seconds) => seconds <= -1 || seconds >= gaps.least(),
    add(move) {
      if (move.seconds < 0) addStep({ ...move, seconds: -move.seconds });
      else gaps.add(last && isInside(last.from, move) ? between(last.from, move.to, move.record) : move);
    },
    append({ gaps: more, steps }) {
      const begin = steps?.first.record ?? Infinity;
      for (const gap of more.filter(({ record }) => record < begin).toSorted(inFileOrder)) this.add(gap);
      if (steps) addStep(steps.first);
      for (const gap of more.filter(({ record }) => record >= begin).toSorted(inFileOrder)) gaps.add(gap);
      if (!steps) return;
      for (const step of steps.largest.filter(({ record }) => record !== begin).toSorted(inFileOrder))
        largest.add(step);
      count += steps.count - 1;
      last = steps.last;
    },
    end: () => ({
      gaps: gaps.list(),
      ...(first && last && { steps: { count, largest: largest.list(), first, last } }),
    }),
  };
}

/** Of two neighbouring stretches, the first of which has `records` records, as of one. */
export function mergeTimes(before: Times, records: number, after: Times): Times {
  const timeline = createTimeline(before);
  if (before.closing !== null && after.opening !== null) {
    const move = between(before.closing, after.opening, records + (after.openingRecord ?? 0));
    if (timeline.isOfNote(move.seconds)) timeline.add(move);
  }
  const offset = (gap: TimeGap): TimeGap => ({ ...gap, record: records + gap.record });
  const { steps } = after;
  timeline.append({
    gaps: after.gaps.map(offset),
    ...(steps && {
      steps: {
        count: steps.count,
        largest: steps.largest.map(offset),
        first: offset(steps.first),
        last: offset(steps.last),
      },
    }),
  });
  const openingRecord = before.opening === null ? records + (after.openingRecord ?? 0) : (before.openingRecord ?? 0);
  const opening = before.opening ?? after.opening;
  const untimed = {
    count: (before.untimed?.count ?? 0) + (after.untimed?.count ?? 0),
    first: before.untimed?.first ?? records + (after.untimed?.first ?? 0),
  };
  return {
    opening,
    closing: after.closing ?? before.closing,
    ...(opening !== null && openingRecord > 0 && { openingRecord }),
    ...timeline.end(),
    ...(untimed.count > 0 && { untimed }),
  };
}

function between(from: string, to: string, record: number): TimeGap {
  return { record, from, to, seconds: wholeSeconds(to) - wholeSeconds(from) };
}

/** Where time goes back, as it is told. */
export function stepsOf({ steps }: Pick<Times, 'steps'>): { count: number; largest: TimeGap[] } {
  return { count: steps?.count ?? 0, largest: steps?.largest.slice(0, REPORTED_GAPS) ?? [] };
}

export const NO_TIMES: Times = { opening: null, closing: null, gaps: [] };

/** Seconds since 1970 of a normalised instant, its fraction cut off. */
export function wholeSeconds(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) / 1000;
}

function isInside(instant: string, { from, to }: Pick<TimeGap, 'from' | 'to'>): boolean {
  return compareInstants(from, instant) < 0 && compareInstants(instant, to) < 0;
}

function inFileOrder(a: TimeGap, b: TimeGap): number {
  return a.record - b.record;
}
