import 'server-only';
import type { Context } from '../context';
import { openDatabase } from '../db/database';

/**
 * SHA-256 of the statements by which better-auth, as it is configured here, makes its tables where there are none. Stands here because to load it takes a
 * worker and a command longer than all else they load, and only to find that nothing is to be done. A test makes it again.
 */
export const AUTH_SCHEMA = '7af6f57c30e9128d63343471f0efbae333f1f322bf4d75bd137b2043d009e023';

/** Makes better-auth's own tables, or what another release of it had otherwise. The caller holds a lock: it is not safe to run twice at once. */
export async function ensureAuthTables(parts: Pick<Context, 'env' | 'pool' | 'log'>): Promise<void> {
  const db = openDatabase(parts.pool);
  const made = await db.selectFrom('auth_schema').select('digest').executeTakeFirst();
  if (made?.digest === AUTH_SCHEMA) return;
  const { migrateAuth } = await import('./auth');
  await migrateAuth(parts);
  await db
    .insertInto('auth_schema')
    .values({ digest: AUTH_SCHEMA })
    .onConflict((conflict) => conflict.column('is_only').doUpdateSet({ digest: AUTH_SCHEMA }))
    .execute();
}
