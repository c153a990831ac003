import 'server-only';
import { type KeyObject, createPublicKey, sign } from 'node:crypto';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { loadKey } from './key-file';
import { keyFingerprint } from './key-fingerprint';
import { witnessesFor } from './services';
import { signBundle } from './sign-bundle';
import type { StatementSigner } from './signer';
import type { TrustSource } from './trust-source';

export type PublicKey = { keyHint: string; algorithm: string; publicKeyPem: string };

/** What is shown of a private key. */
export function publicHalf(privateKey: KeyObject): PublicKey {
  const publicKey = createPublicKey(privateKey);
  return {
    keyHint: keyFingerprint(publicKey),
    algorithm: publicKey.asymmetricKeyType === 'ed25519' ? 'Ed25519' : 'ECDSA P-256 with SHA-256',
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Signs with a key kept in a file of mode 0600, made at first use. A key that another process has taken out of use meanwhile signs nothing. */
export async function localKeySigner(
  { secretsDir, signing }: Pick<Env, 'secretsDir' | 'signing'>,
  source: TrustSource,
): Promise<StatementSigner> {
  const own = publicHalf(await loadKey(secretsDir, signing.keyKind));
  return {
    name: 'local key',
    ...own,
    async sign(payload) {
      const privateKey = await loadKey(secretsDir, signing.keyKind);
      if (publicHalf(privateKey).keyHint !== own.keyHint)
        throw new AppError(
          'SIGNING_UNAVAILABLE',
          'the key was rotated meanwhile; the next attempt signs with the new one',
          { keyHint: own.keyHint },
        );
      const signer = {
        async sign(data: Buffer) {
          const signature = sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, privateKey);
          return { signature, key: { $case: 'publicKey' as const, hint: own.keyHint, publicKey: own.publicKeyPem } };
        },
      };
      const keys = [{ hint: own.keyHint, publicKeyPem: own.publicKeyPem }];
      return signBundle(payload, {
        signer,
        witnesses: witnessesFor(signing),
        trust: { keys, trustedRoot: await source.trustedRoot(), identities: [], require: signing.require },
      });
    },
  };
}
