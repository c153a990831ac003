import 'server-only';
import { sql } from 'kysely';
import type { Tx } from './database';

/** Serialises writers of one thing across processes and hosts until the transaction ends. */
export async function lockUntilCommit(
  tx: Tx,
  kind:
    | 'chain'
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
    | 'views'
    | 'rules'
    | 'notifications'
    | 'figures',
  key: string,
): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${kind}:${key}`}, 0))`.execute(tx);
}
