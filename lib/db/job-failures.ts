import 'server-only';
import type { Context } from '../context';
import type { Db, Tx } from './database';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15 * 60_000;
/** A job that has failed so many times in a row is stuck: somebody should look. About a quarter of a minute after it failed first. */
export const STUCK_AFTER = 5;
/** A job that was queued again and not run since then is queued once more: its message may be lost. */
const QUEUED_FOR_MS = 60_000;

type Job = { kind: string; key: string };

/** Until when a job must step aside, and how often it failed; null when it did not fail last time. */
export function failureOf(db: Db, { kind, key }: Job) {
  return db
    .selectFrom('job_failures')
    .select(['attempts', 'next_try_at'])
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Keeps that a job failed, and puts its next try off: twice as long each time, from one second to fifteen minutes, a fifth more or less. Gives how often it failed. */
export async function writeFailure(
  { db, now }: Pick<Context, 'db' | 'now'>,
  {
    kind,
    key,
    chainId,
    payload,
    cause,
    build,
  }: Job & { chainId: string | null; payload: object; cause: string; build: string },
): Promise<number> {
  const before = await failureOf(db, { kind, key });
  const attempts = (before?.attempts ?? 0) + 1;
  const failedAt = now();
  const next_try_at = new Date(
    failedAt.getTime() +
      Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20)) * (0.8 + Math.random() * 0.4),
  );
  const same = {
    attempts,
    cause,
    build,
    payload: JSON.stringify(payload),
    last_failed_at: failedAt,
    next_try_at,
    queued_at: null,
  };
  await db
    .insertInto('job_failures')
    .values({ kind, key, chain_id: chainId, first_failed_at: failedAt, ...same })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doUpdateSet(same))
    .execute();
  return attempts;
}

export async function forgetFailure(db: Db, { kind, key }: Job): Promise<void> {
  await db.deleteFrom('job_failures').where('kind', '=', kind).where('key', '=', key).execute();
}

/** Takes jobs whose time to be tried again has come, those that waited longest first; the caller queues them in the same transaction. */
export async function takeDueFailures(tx: Tx, now: Date, limit: number): Promise<{ kind: string; payload: object }[]> {
  const due = await tx
    .selectFrom('job_failures')
    .select('id')
    .where('next_try_at', '<=', now)
    .where((eb) => eb.or([eb('queued_at', 'is', null), eb('queued_at', '<', new Date(now.getTime() - QUEUED_FOR_MS))]))
    .orderBy('next_try_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  if (due.length === 0) return [];
  return tx
    .updateTable('job_failures')
    .set({ queued_at: now })
    .where(
      'id',
      'in',
      due.map(({ id }) => id),
    )
    .returning(['kind', 'payload'])
    .execute();
}

/** Has failed jobs tried again at once: all, one, those of a chain, or those that another build of the program failed at. Gives how many. */
export async function tryFailuresNow(
  db: Db | Tx,
  now: Date,
  which: { id?: string; chainId?: string; notBuild?: string } = {},
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('job_failures')
    .set({ next_try_at: now, queued_at: null })
    .$if(which.id !== undefined, (query) => query.where('id', '=', which.id ?? ''))
    .$if(which.chainId !== undefined, (query) => query.where('chain_id', '=', which.chainId ?? ''))
    .$if(which.notBuild !== undefined, (query) => query.where('build', '!=', which.notBuild ?? ''))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
