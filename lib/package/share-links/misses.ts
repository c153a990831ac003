import 'server-only';
import type { Context } from '../../context';
import { perContext } from '../../per-context';

const WINDOW_MS = 60_000;
/** Links of one address that opened nothing in a minute. */
const MOST = 30;
const MOST_ADDRESSES = 10_000;

const missesOf = perContext('share-link-misses', () => new Map<string, { since: number; count: number }>());

/** Whether an address has tried so many links that opened nothing that none is looked up for it, for a minute. */
export function hasTriedTooMany(ctx: Context, address: string): boolean {
  const misses = missesOf(ctx).get(address);
  return misses !== undefined && misses.count >= MOST && ctx.now().getTime() - misses.since < WINDOW_MS;
}

export function countMiss(ctx: Context, address: string): void {
  const [all, nowMs] = [missesOf(ctx), ctx.now().getTime()];
  const known = all.get(address);
  if (known && nowMs - known.since < WINDOW_MS) known.count += 1;
  else {
    // Those that came first are forgotten first.
    if (all.size >= MOST_ADDRESSES) all.delete(all.keys().next().value ?? '');
    all.delete(address);
    all.set(address, { since: nowMs, count: 1 });
  }
}
