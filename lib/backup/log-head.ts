import 'server-only';
import type { Db, Tx } from '../db/database';
import type { LogHead } from './manifest';

/** The newest checkpoint of the transparency log; null before the first. */
export async function logHead(db: Db | Tx): Promise<LogHead | null> {
  const row = await db
    .selectFrom('log_checkpoints as c')
    .innerJoin('log_identity as i', (join) => join.onTrue())
    .select(['i.origin', 'c.size', 'c.root_hash', 'c.note'])
    .orderBy('c.size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row
    ? { origin: row.origin, size: row.size, rootHash: row.root_hash.toString('base64'), note: row.note }
    : null;
}
