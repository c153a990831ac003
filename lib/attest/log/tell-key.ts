import 'server-only';
import { createHash, createPublicKey } from 'node:crypto';
import type { Context } from '../../context';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { appendToLog } from './append-entry';

/** Tells the log of a key whose private half is known to be this installation's, once. */
export async function formatKey(ctx: Context, tx: Tx, { hint, pem }: { hint: string; pem: string }): Promise<void> {
  await lockUntilCommit(tx, 'log', 'entries');
  const known = await tx
    .selectFrom('log_entries')
    .select('index')
    .where('kind', '=', 'key')
    .where('about', '=', hint)
    .limit(1)
    .executeTakeFirst();
  if (known) return;
  await appendToLog(ctx, tx, {
    kind: 'key',
    keyHint: hint,
    publicKeySha256: createHash('sha256')
      .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  });
}
