import { type KeyObject, createHash, generateKeyPairSync, sign } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder } from '@sigstore/sign';
import { keyFingerprint } from '../attest/signers/key-fingerprint';
import { STATEMENT_MEDIA_TYPE } from '../core/statements/dsse';

const PAIRS = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ed25519: () => generateKeyPairSync('ed25519'),
};

/** A fresh key that signs payloads into bundles, as JSON; `nameOf` says what they call the key. */
export function testSigner({
  kind = 'p256',
  digest = 'sha256',
  nameOf = keyFingerprint,
}: {
  kind?: keyof typeof PAIRS;
  digest?: 'sha256' | 'sha384';
  nameOf?: (key: KeyObject) => string;
} = {}) {
  const { privateKey, publicKey } = PAIRS[kind]();
  const hint = nameOf(publicKey);
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const builder = new DSSEBundleBuilder({
    signer: {
      sign: async (data) => ({
        signature: sign(kind === 'ed25519' ? null : digest, data, privateKey),
        key: { $case: 'publicKey', hint, publicKey: publicKeyPem },
      }),
    },
    witnesses: [],
  });
  return {
    key: { hint, publicKeyPem },
    fingerprint: keyFingerprint(publicKey),
    signBundle: async (payload: Uint8Array, type = STATEMENT_MEDIA_TYPE): Promise<unknown> =>
      bundleToJSON(await builder.create({ type, data: Buffer.from(payload) })),
  };
}

/** How nono names its keys. */
export function spkiDigest(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
