import 'server-only';
import { createPrivateKey, sign } from 'node:crypto';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { publicHalf } from './local-key';
import { witnessesFor } from './services';
import { signBundle } from './sign-bundle';
import type { StatementSigner } from './signer';
import type { TrustSource } from './trust-source';

/** Signs with a private key somebody gives: ECDSA P-256 or Ed25519, PEM (PKCS#8 or SEC 1), encrypted with `passphrase` if at all. @throws AppError SIGNING_FAILED for any other key. */
export function keyFileSigner(
  pem: Buffer,
  { passphrase, signing, source }: { passphrase?: string; signing: Env['signing']; source: TrustSource },
): StatementSigner {
  const privateKey = readKey(pem, passphrase);
  const own = publicHalf(privateKey);
  const signer = {
    async sign(data: Buffer) {
      return {
        signature: sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, privateKey),
        key: { $case: 'publicKey' as const, hint: own.keyHint, publicKey: own.publicKeyPem },
      };
    },
  };
  return {
    name: 'key file',
    ...own,
    async sign(payload) {
      const keys = [{ hint: own.keyHint, publicKeyPem: own.publicKeyPem }];
      return signBundle(payload, {
        signer,
        witnesses: witnessesFor(signing),
        trust: { keys, trustedRoot: await source.trustedRoot(), identities: [], require: signing.require },
      });
    },
  };
}

function readKey(pem: Buffer, passphrase: string | undefined) {
  try {
    const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
    if (
      key.asymmetricKeyType === 'ed25519' ||
      (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    )
      return key;
    throw new Error(
      `it is ${key.asymmetricKeyType ?? 'of no kind'}${key.asymmetricKeyDetails?.namedCurve ? ` on ${key.asymmetricKeyDetails.namedCurve}` : ''}`,
    );
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      `the key is no private key to sign with, an ECDSA P-256 or Ed25519 key as PEM: ${error instanceof Error ? error.message : ''}`,
      {},
      { cause: error },
    );
  }
}
