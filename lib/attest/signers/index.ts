import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { perContext, perContextOnceMade } from '../../per-context';
import { keylessSigner } from './keyless';
import { loadKey } from './key-file';
import { localKeySigner, publicHalf } from './local-key';
import { recordKey } from './key-record';
import { pkcs11Signer } from './pkcs11';
import { endRotation } from './rotate';
import type { StatementSigner } from './signer';
import { type TrustSource, trustSource } from './trust-source';

/** Where this installation's trusted root comes from. */
export const trustSourceOf = perContext('trust-source', (ctx): TrustSource => trustSource(ctx.env, ctx.now));

/**
 * The signer this installation uses; a public key is on record before anything is signed with it. A failed attempt is not remembered.
 * `held` gives the one this process has signed with, if it has: a token is not requested for it.
 * @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED.
 */
export const currentSigner = perContextOnceMade('signer', open, isOutdated);

/** Another process, or another host with the same key, may have rotated it. */
async function isOutdated({ env, db }: Context, { keyHint }: StatementSigner): Promise<boolean> {
  if (env.signing.signer !== 'local') return false;
  if (publicHalf(await loadKey(env.secretsDir, env.signing.keyKind)).keyHint !== keyHint) return true;
  const row = await db
    .selectFrom('signing_keys')
    .select('retired_at')
    .where('hint', '=', keyHint ?? '')
    .executeTakeFirst();
  return row?.retired_at !== null;
}

async function open(ctx: Context): Promise<StatementSigner> {
  const { env } = ctx;
  const source = trustSourceOf(ctx);
  if (env.signing.signer === 'keyless') return keylessSigner(env.signing, source, ctx.now);
  if (env.signing.signer !== 'local') {
    const signer = await pkcs11Signer(env.signing, source);
    if (await recordKey(ctx, signer)) return signer;
    throw new AppError('SIGNING_FAILED', 'the key that SEALTRAIL_SIGNER names was retired here', {
      keyHint: signer.keyHint ?? '',
    });
  }
  const signer = await localKeySigner(env, source);
  if (await recordKey(ctx, signer)) return signer;
  // It was taken out of use, and the rotation that did was cut short.
  await endRotation(ctx);
  const next = await localKeySigner(env, source);
  await recordKey(ctx, next);
  return next;
}
