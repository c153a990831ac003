import 'server-only';
import type { Context } from '../../context';
import type { StatementSigner } from './signer';

/** Puts a public key on record before it signs. False when it is there as one that is out of use. */
export async function recordKey(
  ctx: Pick<Context, 'db'>,
  { keyHint, algorithm, publicKeyPem }: Pick<StatementSigner, 'keyHint' | 'algorithm' | 'publicKeyPem'>,
): Promise<boolean> {
  if (keyHint === null || publicKeyPem === null) return true;
  await ctx.db
    .insertInto('signing_keys')
    .values({ hint: keyHint, algorithm, public_key_pem: publicKeyPem })
    .onConflict((conflict) => conflict.column('hint').doNothing())
    .execute();
  const row = await ctx.db
    .selectFrom('signing_keys')
    .select('retired_at')
    .where('hint', '=', keyHint)
    .executeTakeFirstOrThrow();
  return row.retired_at === null;
}
