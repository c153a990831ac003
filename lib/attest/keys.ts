import 'server-only';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { SigningKey } from '../schemas/settings';
import { currentSigner } from './signers';
import { rotateLocalKey } from './signers/rotate';

/**
 * Every key that ever signed here, newest first, retired ones too; the one in use is made when there is none yet. Those the transparency log
 * knows, and this host's own: a row somebody put in the table makes no key of ours.
 */
export async function listKeys(ctx: Context): Promise<SigningKey[]> {
  // A token or a certificate authority need not answer for what is on record to be read.
  const own = ctx.env.signing.signer === 'local' ? await currentSigner(ctx) : await currentSigner.held(ctx);
  const rows = await ctx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('hint', '=', own?.keyHint ?? ''),
        eb.exists(
          eb
            .selectFrom('log_entries as e')
            .whereRef('e.about', '=', 'signing_keys.hint')
            .where('e.kind', '=', 'key')
            .select('e.index'),
        ),
      ]),
    )
    .orderBy('created_at', 'desc')
    .orderBy('hint')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    hint: row.hint,
    algorithm: row.algorithm,
    createdAt: row.created_at.toISOString(),
    retiredAt: row.retired_at?.toISOString() ?? null,
    publicKeyPem: row.public_key_pem,
  }));
}

/** @throws AppError NOT_FOUND. */
export async function getKey(ctx: Context, { hint }: { hint: string }): Promise<SigningKey> {
  const key = (await listKeys(ctx)).find((candidate) => candidate.hint === hint);
  if (!key) throw new AppError('NOT_FOUND', 'no signing key has this hint', { hint });
  return key;
}

/** Makes a new key the one this host signs with, and retires the old one. @throws AppError CONFLICT when the signer keeps no key of its own. */
export async function rotateSigningKey(ctx: Context, { actor }: { actor: Actor }): Promise<SigningKey> {
  const { keyHint } = await rotateLocalKey(ctx, actor);
  return getKey(ctx, { hint: keyHint });
}
