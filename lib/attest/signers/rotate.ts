import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import { loadKey, prepareNextKey, takeNextKey } from './key-file';
import { recordKey } from './key-record';
import { type PublicKey, publicHalf } from './local-key';

/**
 * Makes a new key the one this host signs with. The old one's private half is removed, its public half stays on record as retired. Cut short
 * anywhere, the host either still has the old key in use, or ends the rotation when it next signs. @throws AppError CONFLICT when the signer
 * keeps no key of its own.
 */
export async function rotateLocalKey(ctx: Context): Promise<PublicKey> {
  const { secretsDir, signing } = ctx.env;
  if (signing.signer !== 'local') throw new AppError('CONFLICT', `the signer is ${signing.signer === 'keyless' ? 'keyless and keeps no key' : 'a PKCS#11 token, whose keys are made there: name the new one in SEALTRAIL_SIGNER'}`);
  const next = await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'signing-key', secretsDir);
    const present = publicHalf(await loadKey(secretsDir, signing.keyKind));
    const made = publicHalf(await prepareNextKey(secretsDir, signing.keyKind));
    await recordKey({ db: tx }, present);
    await recordKey({ db: tx }, made);
    await tx.updateTable('signing_keys').set({ retired_at: ctx.now() }).where('hint', '=', present.keyHint).where('retired_at', 'is', null).execute();
    return made;
  });
  await takeNextKey(secretsDir);
  return next;
}
