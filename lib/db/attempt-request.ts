import 'server-only';
import type { Context } from '../context';
import type { Db, Tx } from './database';
import { leaseEnd, underLease } from './lease';

/** Tables whose rows wait to be made, each once, by whichever worker takes them. */
type RequestTable = 'packages' | 'report_runs' | 'chain_deletions';

/** The row while it waits, for what all of these tables have: one that somebody ended meanwhile is left as it is. */
export function waitingRequest({ db }: { db: Db | Tx }, table: RequestTable, id: string) {
  return db.updateTable(table).where('id', '=', id).where('state', '=', 'waiting');
}

/**
 * Takes a request whose time to be tried has come, and works on it under its lease; nothing when another is at it, or it is done. `failed` is told of what kept it
 * from being made, with how often it was tried. When the worker ends the request is given back, for another to go on at once. @throws what `work` threw then.
 */
export async function attemptRequest(
  ctx: Context,
  { table, id, signal }: { table: RequestTable; id: string; signal: AbortSignal },
  work: (attempts: number) => Promise<void>,
  failed: (error: unknown, attempts: number) => Promise<void>,
): Promise<void> {
  const taken = await waitingRequest(ctx, table, id)
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_try_at: leaseEnd(ctx) }))
    .where('next_try_at', '<=', ctx.now())
    .returning('attempts')
    .executeTakeFirst();
  if (!taken) return;
  const { attempts } = taken;
  const renew = () =>
    waitingRequest(ctx, table, id)
      .set({ next_try_at: leaseEnd(ctx) })
      .execute();
  try {
    await underLease(ctx, renew, () => work(attempts));
  } catch (error) {
    if (!signal.aborted) return failed(error, attempts);
    await waitingRequest(ctx, table, id)
      .set({ next_try_at: ctx.now(), attempts: attempts - 1 })
      .execute();
    throw error;
  }
}
