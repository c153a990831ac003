import 'server-only';
import type { Context } from '../../context';
import { localKeySigner } from './local-key';
import type { StatementSigner } from './signer';

/** The signer this installation uses; its public key is on record before anything is signed with it. */
export async function currentSigner(ctx: Context): Promise<StatementSigner> {
  const signer = await localKeySigner(ctx.env);
  await ctx.db
    .insertInto('signing_keys')
    .values({ hint: signer.keyHint, algorithm: signer.algorithm, public_key_pem: signer.publicKeyPem })
    .onConflict((conflict) => conflict.column('hint').doNothing())
    .execute();
  return signer;
}
