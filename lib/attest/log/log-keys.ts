import 'server-only';
import { createHash, createPublicKey } from 'node:crypto';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import { appendToLog } from './append-entry';

/** Tells the log of every key that signs, or signed, statements here and that it does not know of. */
export async function logKeys(ctx: Context): Promise<void> {
  const unknown = (db: Pick<Context['db'], 'selectFrom'>) =>
    db
      .selectFrom('signing_keys as k')
      .leftJoin('log_entries as e', (join) => join.onRef('e.about', '=', 'k.hint').on('e.kind', '=', 'key'))
      .where('e.index', 'is', null)
      .select(['k.hint', 'k.public_key_pem as pem'])
      .orderBy('k.created_at')
      .execute();
  if ((await unknown(ctx.db)).length === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'log', 'entries');
    for (const { hint, pem } of await unknown(tx)) await appendToLog(ctx, tx, { kind: 'key', keyHint: hint, publicKeySha256: createHash('sha256').update(createPublicKey(pem).export({ type: 'spki', format: 'der' })).digest('hex') });
  });
}
