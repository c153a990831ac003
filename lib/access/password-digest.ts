import 'server-only';
import type { Tx } from '../db/database';
import { sha256 } from '../crypto/sha256';
import { PASSWORD } from './oidc/accounts';

/** SHA-256 of what is kept of a person's password, which is salted and hashed: by it actions say which was set. Null of one without. */
export async function passwordDigest(tx: Tx, personId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('account')
    .select('password')
    .where('userId', '=', personId)
    .where('providerId', '=', PASSWORD)
    .executeTakeFirst();
  return row?.password ? sha256(row.password) : null;
}
