import 'server-only';
import { sql } from 'kysely';
import type { Db, Tx } from '../db/database';
import { FORMER_NAMES, JOB_KINDS, type JobKind } from './kinds';

const PAGE = 1000;

/** Jobs of a kind that nobody has begun, in the order they will be taken: what each is about, and its id. */
export async function waitingJobs(db: Db | Tx, kind: JobKind, limit: number): Promise<{ id: string; key: string }[]> {
  const { rows } = await sql<{ id: string; key: string }>`
    SELECT id, singleton_key AS key FROM ${sql.table('pgboss.job')} WHERE name = ${kind} AND state = 'created' AND singleton_key IS NOT NULL
    ORDER BY priority DESC, created_on LIMIT ${limit}`.execute(db);
  return rows;
}

/** Takes jobs out of the queue that another has done, unless they were begun meanwhile. */
export async function dropWaiting(tx: Tx, kind: JobKind, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await sql`DELETE FROM ${sql.table('pgboss.job')} WHERE name = ${kind} AND state = 'created' AND id = ANY(${[...ids]}::uuid[])`.execute(
      tx,
    );
}

/** Every job that waits or is being done, in the order of their ids: done once more it gives the same. */
export async function* unfinishedJobs(db: Db | Tx): AsyncGenerator<{ kind: JobKind; payload: unknown }> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; name: string; data: unknown }>`
      SELECT id, name, data FROM ${sql.table('pgboss.job')} WHERE state < 'completed' AND id > ${after}::uuid ORDER BY id LIMIT ${PAGE}`.execute(
      db,
    );
    for (const { name, data } of rows) {
      const kind = JOB_KINDS.find((known) => known === name || FORMER_NAMES[known] === name);
      if (kind) yield { kind, payload: data };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}
