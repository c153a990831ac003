import 'server-only';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { keyFingerprint } from './key-fingerprint';
import type { Token } from './pkcs11/token';
import { parsePkcs11Uri } from './pkcs11/uri';
import { witnessesFor } from './services';
import { signBundle } from './sign-bundle';
import type { StatementSigner } from './signer';
import type { TrustSource } from './trust-source';

/** Signs with a P-256 key that does not leave its PKCS#11 token: an HSM, a KMS, a smart card. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
export async function pkcs11Signer(signing: Env['signing'], source: TrustSource): Promise<StatementSigner> {
  const uri = parsePkcs11Uri(signing.signer);
  // Native code: only who signs with a token has it loaded.
  const { openToken } = await import('./pkcs11/token');
  let token: Token = await openToken(uri);
  const { publicKey } = token;
  const keyHint = keyFingerprint(publicKey);
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const signer = {
    async sign(data: Buffer) {
      const used = token;
      const signature = await used.sign(data).catch(async (error: unknown) => {
        // A session ends with its device or its network; another signature may have begun a new one already.
        if (!(error instanceof AppError) || error.code !== 'SIGNING_UNAVAILABLE') throw error;
        if (token === used) token = await openToken(uri);
        return token.sign(data);
      });
      return { signature, key: { $case: 'publicKey' as const, hint: keyHint, publicKey: publicKeyPem } };
    },
  };
  return {
    name: 'PKCS#11 token',
    keyHint,
    algorithm: 'ECDSA P-256 with SHA-256',
    publicKeyPem,
    async sign(payload) {
      return signBundle(payload, {
        signer,
        witnesses: witnessesFor(signing),
        trust: {
          keys: [{ hint: keyHint, publicKeyPem }],
          trustedRoot: await source.trustedRoot(),
          identities: [],
          require: signing.require,
        },
      });
    },
  };
}
