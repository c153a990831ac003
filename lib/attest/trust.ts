import 'server-only';
import type { Context } from '../context';
import type { Trust } from '../core/statements/verify-bundle';
import { trustSourceOf } from './signers';

/** What this installation trusts its own bundles by: every key that ever signed here, and the trusted root it signs under. Without that root, steps that need it say so. */
export async function ownTrust(ctx: Context): Promise<Trust> {
  const keys = await ctx.db.selectFrom('signing_keys').select(['hint', 'public_key_pem as publicKeyPem']).orderBy('created_at').limit(1000).execute();
  const trustedRoot = await trustSourceOf(ctx)
    .trustedRoot()
    .catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'bundles are checked without the trusted root: it cannot be had now');
      return null;
    });
  return { keys, trustedRoot, identities: [], require: { logEntries: 0, timestamps: 0 } };
}
