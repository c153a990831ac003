import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { SigningKey } from '../schemas/settings';
import { currentSigner } from './signers';

/** Every key that ever signed here, newest first; the one in use is made when there is none yet. */
export async function listKeys(ctx: Context): Promise<SigningKey[]> {
  await currentSigner(ctx);
  const rows = await ctx.db.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').limit(500).execute();
  return rows.map((row) => ({ hint: row.hint, algorithm: row.algorithm, createdAt: row.created_at.toISOString(), publicKeyPem: row.public_key_pem }));
}

/** @throws AppError NOT_FOUND. */
export async function getKey(ctx: Context, { hint }: { hint: string }): Promise<SigningKey> {
  const key = (await listKeys(ctx)).find((candidate) => candidate.hint === hint);
  if (!key) throw new AppError('NOT_FOUND', 'no signing key has this hint', { hint });
  return key;
}
