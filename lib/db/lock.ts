import 'server-only';
import { sql } from 'kysely';
import type { Tx } from './database';

/** Serialises writers of one thing across processes and hosts until the transaction ends. */
export async function lockUntilCommit(tx: Tx, kind: LockKind, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${kind}:${key}`}, 0))`.execute(tx);
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
  | 'figures';

/** Keeps out those that lock the same with `lockUntilCommit`, and none that lock it like this. */
export async function shareUntilCommit(tx: Tx, kind: LockKind, key: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(hashtextextended(${`${kind}:${key}`}, 0))`.execute(tx);
}
