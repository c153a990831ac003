const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Before each further attempt, as Standard Webhooks advises: over about a day. */
const WAITS_MS = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];
export const MOST_ATTEMPTS = WAITS_MS.length + 1;
/** A message that could not be tried so often by then is given up all the same. */
const GIVE_UP_AFTER_MS = 36 * HOUR_MS;
/** What a destination may ask for in place of the wait. */
const LONGEST_ASKED_MS = HOUR_MS;
/** Between attempts at a destination that fails, whatever is to be sent to it. */
const DESTINATION_WAITS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];
/** So many failures in a row and somebody should look at the destination. */
export const STUCK_AFTER_FAILURES = 3;

/** When to try again what failed so many times, a tenth more or less; null when it is given up. */
export function nextTryAt(now: Date, failures: number, askedMs = 0): Date | null {
  const wait = WAITS_MS[failures - 1];
  if (wait === undefined) return null;
  return new Date(now.getTime() + Math.max(Math.min(askedMs, LONGEST_ASKED_MS), wait * (0.9 + Math.random() * 0.2)));
}

export function destinationTryAt(now: Date, failures: number): Date {
  const wait = DESTINATION_WAITS_MS[Math.min(failures, DESTINATION_WAITS_MS.length) - 1] ?? 0;
  return new Date(now.getTime() + wait);
}

export function giveUpAt(from: Date): Date {
  return new Date(from.getTime() + GIVE_UP_AFTER_MS);
}

/** Of a `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); 0 where it says nothing. */
export function askedWaitMs(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * SECOND_MS;
  return Math.max(0, (Date.parse(retryAfter) || 0) - now.getTime());
}
