import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './database';

/** Serialises writers of one thing across processes and hosts until the transaction ends. */
export async function lockUntilCommit(tx: Tx, kind: LockKind, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${lockId(`${kind}:${key}`)})`.execute(tx);
}

type LockKind =
  | 'chain'
  | 'second-factor'
  | 'checks'
  | 'findings'
  | 'setup'
  | 'people'
  | 'attestation'
  | 'package'
  | 'report-run'
  | 'report-definitions'
  | 'signing-key'
  | 'log'
  | 'lake-refill'
  | 'lake-figures'
  | 'evidence-damage'
  | 'deletion'
  | 'views'
  | 'rules'
  | 'notifications'
  | 'figures'
  | 'workspaces';

/** Keeps out those that lock the same with `lockUntilCommit`, and none that lock it like this. */
export async function shareUntilCommit(tx: Tx, kind: LockKind, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${lockId(`${kind}:${key}`)})`.execute(tx);
}

/** Advisory locks are of the whole database: what has one name in two workspaces has two locks. */
export function lockId(name: string | RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`hashtextextended(${name}, CASE current_schema() WHEN 'public' THEN 0 ELSE hashtextextended(current_schema(), 0) END)`;
}
