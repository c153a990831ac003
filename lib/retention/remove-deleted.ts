import 'server-only';
import type { Context } from '../context';
import { isNeeded } from '../db/evidence-objects';
import { lockUntilCommit } from '../db/lock';

/** Takes an object out that the tombstone of a chain names, unless something else consists of it. Who puts the same bytes on record meanwhile waits, or is waited for. */
export async function removeDeleted({ db, evidence }: Pick<Context, 'db' | 'evidence'>, digest: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'deletion', '');
    if (!(await isNeeded(tx, digest))) await evidence.remove(digest);
  });
}
