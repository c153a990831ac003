import type { Context } from '../context';

/** Nobody else takes a row so long after whoever took it last said that it is at work. */
export const LEASE_MS = 30_000;

/**
 * Does the work and says every third of a lease that it goes on, so that what a killed process had taken waits for one lease and no longer, however
 * long the work itself takes. A renewal that fails is left to the next one: at worst another takes the row too, so the work must be able to run twice.
 */
export async function underLease<T>({ log }: Pick<Context, 'log'>, renew: () => Promise<unknown>, work: () => Promise<T>, everyMs = LEASE_MS / 3): Promise<T> {
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew().catch((error: unknown) => log.warn({ err: error }, 'a lease was not renewed; the next renewal may be in time'));
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // One that is still under way must not come after what the caller writes next.
    await renewing;
  }
}
