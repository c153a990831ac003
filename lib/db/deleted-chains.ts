import 'server-only';
import { sql } from 'kysely';
import { AppError } from '../core/errors';
import type { Db, Tx } from './database';

/** A SELECT of the ids of chains whose tombstone is signed: their bytes are gone, or about to be. */
export const DELETED_CHAINS = sql<string>`(SELECT d.chain_id FROM chain_deletions d WHERE d.tombstone_digest IS NOT NULL)`;

export async function isDeletedChain(db: Db | Tx, chainId: string): Promise<boolean> {
  return (
    (await db
      .selectFrom('chain_deletions')
      .select('id')
      .where('chain_id', '=', chainId)
      .where('tombstone_digest', 'is not', null)
      .executeTakeFirst()) !== undefined
  );
}

/** @throws AppError EVIDENCE_DELETED. */
export async function requireNotDeleted(db: Db | Tx, chainId: string): Promise<void> {
  if (await isDeletedChain(db, chainId))
    throw new AppError(
      'EVIDENCE_DELETED',
      'the records of this chain were deleted after its retention had ended; its tombstone says what they were',
      { chainId },
    );
}
