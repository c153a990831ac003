import type { Context } from '../context';

/** No other worker takes a row for so long after its holder last said that it is at work. */
const LEASE_MS = 30_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 15 * 60_000;

/** Until when a row taken now is its taker's. */
export function leaseEnd({ now }: Pick<Context, 'now'>): Date {
  return new Date(now().getTime() + LEASE_MS);
}

/** When to try again what has failed so many times (1 or more): twice as long after each failure, from 5 seconds to 15 minutes. */
export function retryAt({ now }: Pick<Context, 'now'>, attempts: number): Date {
  return new Date(now().getTime() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20)));
}

/**
 * Does the work and says every third of a lease that it goes on, so that what a killed process had taken waits for one lease and no longer, however
 * long the work itself takes. A renewal that fails is left to the next one: at worst another takes the row too, so the work must be able to run twice.
 */
export async function underLease<T>(
  { log }: Pick<Context, 'log'>,
  renew: () => Promise<unknown>,
  work: () => Promise<T>,
  everyMs = LEASE_MS / 3,
): Promise<T> {
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew().catch((error: unknown) =>
      log.warn({ err: error }, 'a lease was not renewed; the next renewal may be in time'),
    );
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // One that is still under way must not come after what the caller writes next.
    await renewing;
  }
}
