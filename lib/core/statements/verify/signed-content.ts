import type { Envelope } from '@sigstore/bundle';
import { crypto, dsse } from '@sigstore/core';
import type { SignedEntity } from '@sigstore/verify';

/**
 * A DSSE envelope's signature, as `@sigstore/verify` asks about it. SHA-384 holds as well for a P-384 key: Sigstore's registry of
 * algorithms pairs the two, while cosign signs with SHA-256 whatever the curve.
 */
export function signedContent({ payload, payloadType, signatures }: Envelope): SignedEntity['signature'] {
  const signature = signatures[0]?.sig ?? Buffer.alloc(0);
  const signed = dsse.preAuthEncoding(payloadType, payload);
  return {
    signature,
    compareSignature: (other) => crypto.bufferEqual(other, signature),
    compareDigest: (digest) => crypto.bufferEqual(digest, crypto.digest('sha256', payload)),
    compareSignedDigest: (digest) =>
      crypto.bufferEqual(digest, crypto.digest(digest.length === 48 ? 'sha384' : 'sha256', signed)),
    verifySignature: (key) =>
      crypto.verify(signed, key, signature) ||
      (key.asymmetricKeyDetails?.namedCurve === 'secp384r1' && crypto.verify(signed, key, signature, 'sha384')),
  };
}
