import 'server-only';
import { type KeyObject, createHash, createPublicKey, verify } from 'node:crypto';
import type { SignatureKey } from '../core/sidecars/sidecar';

/** A public key from its SPKI in DER, or as PEM; null when it is none, or neither Ed25519 nor ECDSA P-256. */
export function readSignatureKey(spki: Uint8Array | string, name: string): SignatureKey | null {
  const key = publicKeyOf(spki);
  const algorithm = key && algorithmOf(key);
  if (!key || !algorithm) return null;
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { name, algorithm, fingerprint, verify: (message, signature) => holds(key, algorithm, message, signature) };
}

function publicKeyOf(spki: Uint8Array | string): KeyObject | null {
  // A private key would be taken too, and its public half given.
  if (typeof spki === 'string' && !spki.includes('-----BEGIN PUBLIC KEY-----')) return null;
  try {
    return typeof spki === 'string'
      ? createPublicKey(spki)
      : createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureKey['algorithm'] | null {
  if (asymmetricKeyType === 'ed25519') return 'Ed25519';
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ECDSA P-256' : null;
}

function holds(
  key: KeyObject,
  algorithm: SignatureKey['algorithm'],
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(algorithm === 'Ed25519' ? null : 'sha256', message, key, signature);
  } catch {
    return false;
  }
}
