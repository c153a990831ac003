import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder } from '@sigstore/sign';
import { STATEMENT_MEDIA_TYPE } from '../core/statements/dsse';

/** A fresh P-256 key that signs payloads into bundles, as JSON. */
export function testSigner() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey(privateKey);
  const hint = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex');
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const builder = new DSSEBundleBuilder({
    signer: { sign: async (data) => ({ signature: sign('sha256', data, privateKey), key: { $case: 'publicKey', hint, publicKey: publicKeyPem } }) },
    witnesses: [],
  });
  return {
    key: { hint, publicKeyPem },
    signBundle: async (payload: Uint8Array, type = STATEMENT_MEDIA_TYPE): Promise<unknown> => bundleToJSON(await builder.create({ type, data: Buffer.from(payload) })),
  };
}
