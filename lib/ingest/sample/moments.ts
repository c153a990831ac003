import type { Random } from './random';

/** A burst of calls: the share of the week it starts at, its length and how many calls lie in it. */
export type Burst = { at: number; minutes: number; calls: number };

const WEEK_MINUTES = 7 * 24 * 60;
/** The sample's own Monday noon. Work hours are told by it, not by the calendar, so that a week has the same shape, and the same findings, whenever it ends. */
const WEEK_END_MS = Date.UTC(2026, 4, 18, 12);

/** Sorted times over the week before `endMs`: work hours busy, nights and two days quiet. Milliseconds since 1970. */
export function moments(random: Random, endMs: number, calls: number): number[] {
  const startMs = endMs - WEEK_MINUTES * 60_000;
  const times: number[] = [];
  while (times.length < calls) {
    const atMs = startMs + Math.floor(random.next() * WEEK_MINUTES * 60_000);
    const at = new Date(atMs - endMs + WEEK_END_MS);
    const weekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
    const hour = at.getUTCHours() + at.getUTCMinutes() / 60;
    const busy = Math.exp(-((hour - 13.5) ** 2) / 18) * (weekend ? 0.2 : 1) + 0.03;
    if (random.chance(busy)) times.push(atMs);
  }
  return times.toSorted((a, b) => a - b);
}

/** Sorted times of a burst. */
export function burstMoments(random: Random, endMs: number, { at, minutes, calls }: Burst): number[] {
  const startMs = endMs - Math.floor((1 - at) * WEEK_MINUTES * 60_000);
  return Array.from({ length: calls }, () => startMs + Math.floor(random.next() * minutes * 60_000)).toSorted(
    (a, b) => a - b,
  );
}
