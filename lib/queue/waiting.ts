import 'server-only';
import { sql } from 'kysely';
import type { Db, Tx } from '../db/database';
import type { JobKind } from './kinds';

/** Jobs of a kind that nobody has begun, in the order they will be taken: what each is about, and its id. */
export async function waitingJobs(db: Db | Tx, kind: JobKind, limit: number): Promise<{ id: string; key: string }[]> {
  const { rows } = await sql<{ id: string; key: string }>`
    SELECT id, singleton_key AS key FROM pgboss.job WHERE name = ${kind} AND state = 'created' AND singleton_key IS NOT NULL
    ORDER BY priority DESC, created_on LIMIT ${limit}`.execute(db);
  return rows;
}

/** Takes jobs out of the queue that another has done, unless they were begun meanwhile. */
export async function dropWaiting(tx: Tx, kind: JobKind, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await sql`DELETE FROM pgboss.job WHERE name = ${kind} AND state = 'created' AND id = ANY(${[...ids]}::uuid[])`.execute(
      tx,
    );
}
