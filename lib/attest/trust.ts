import 'server-only';
import type { Context } from '../context';
import type { Trust } from '../core/statements/verify-bundle';
import { type SignedBy, ownKeys, trustIn } from '../db/signed-by';
import { trustSourceOf } from './signers';

/** By what a bundle of ours is checked: the key, or the identity, that is on record as having signed it, and the trusted root it signs under. */
export async function ownTrust(ctx: Context, signedBy: SignedBy): Promise<Trust> {
  const [keys, trustedRoot] = await Promise.all([ownKeys(ctx.db), ownTrustedRoot(ctx)]);
  return trustIn(signedBy, { keys, trustedRoot });
}

/** The trusted root this installation signs under. Null when there is none, and while it cannot be had: steps that need it say so. */
export async function ownTrustedRoot(ctx: Context): Promise<unknown> {
  return trustSourceOf(ctx)
    .trustedRoot()
    .catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'bundles are checked without the trusted root: it cannot be had now');
      return null;
    });
}
