import 'server-only';
import type { Context } from '../../context';
import { localKeySigner } from './local-key';
import type { StatementSigner } from './signer';

const signers = new WeakMap<object, Promise<StatementSigner>>();

/** The signer this installation uses; its public key is on record before anything is signed with it. A failed attempt is not remembered. */
export function currentSigner(ctx: Context): Promise<StatementSigner> {
  let signer = signers.get(ctx.pool);
  if (!signer) {
    signer = open(ctx);
    signer.catch(() => signers.delete(ctx.pool));
    signers.set(ctx.pool, signer);
  }
  return signer;
}

async function open(ctx: Context): Promise<StatementSigner> {
  const signer = await localKeySigner(ctx.env);
  await ctx.db
    .insertInto('signing_keys')
    .values({ hint: signer.keyHint, algorithm: signer.algorithm, public_key_pem: signer.publicKeyPem })
    .onConflict((conflict) => conflict.column('hint').doNothing())
    .execute();
  return signer;
}
