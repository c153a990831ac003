import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { type HashName, hashOf } from './hashes';
import { BIT_STRING, INTEGER, NULL, OBJECT_ID, SEQUENCE, dotted, elementsOf, only, unsigned } from './der';
import { holdsRsa } from './rsa';

/** A public key as far as checking signatures needs it. */
export type PublicKey = {
  algorithm: 'Ed25519' | 'ECDSA P-256' | 'ECDSA P-384' | 'ECDSA P-521' | 'RSA';
  /** As Node calls it. */
  asymmetricKeyDetails: { namedCurve?: string };
  /** The point it is, as the SPKI has it; empty for RSA. */
  point: Uint8Array;
  /** `hash` is null where the algorithm brings its own. Signatures of ECDSA are in DER. @throws Error for a hash the algorithm does not go with. */
  verify(message: Uint8Array, signature: Uint8Array, hash: HashName | null): boolean;
};

const EC = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';
const ED25519 = '1.3.101.112';
const CURVES: Readonly<Record<string, { algorithm: PublicKey['algorithm']; namedCurve: string; curve: typeof p256 }>> =
  {
    '1.2.840.10045.3.1.7': { algorithm: 'ECDSA P-256', namedCurve: 'prime256v1', curve: p256 },
    '1.3.132.0.34': { algorithm: 'ECDSA P-384', namedCurve: 'secp384r1', curve: p384 },
    '1.3.132.0.35': { algorithm: 'ECDSA P-521', namedCurve: 'secp521r1', curve: p521 },
  };

/** Reads a SubjectPublicKeyInfo, RFC 5280 section 4.1. @throws Error for what is none, or of an algorithm not known here. */
export function publicKeyOf(spki: Uint8Array): PublicKey {
  const [algorithm, bits, ...others] = elementsOf(only(spki, SEQUENCE).content);
  if (algorithm?.tag !== SEQUENCE || bits?.tag !== BIT_STRING || bits.content[0] !== 0 || others.length > 0)
    throw new Error('not a public key');
  const [id, parameter, ...more] = elementsOf(algorithm.content);
  const key = bits.content.subarray(1);
  if (id?.tag !== OBJECT_ID || more.length > 0) throw new Error('not a public key');
  const name = dotted(id.content);
  if (name === EC && parameter?.tag === OBJECT_ID) return ecKey(dotted(parameter.content), key);
  if (name === RSA && parameter?.tag === NULL && parameter.content.length === 0) return rsaKey(key);
  if (name === ED25519 && !parameter) return edKey(key);
  throw new Error('a public key of an algorithm not known here');
}

/** Reads a key as PKCS #1 writes it, RFC 8017 appendix A.1.1. @throws Error. */
export function rsaKey(pkcs1: Uint8Array): PublicKey {
  const [modulus, exponent] = elementsOf(only(pkcs1, SEQUENCE).content);
  if (modulus?.tag !== INTEGER || exponent?.tag !== INTEGER) throw new Error('not an RSA key');
  const key = { modulus: unsigned(modulus.content), exponent: unsigned(exponent.content) };
  return {
    algorithm: 'RSA',
    asymmetricKeyDetails: {},
    point: new Uint8Array(0),
    verify: (message, signature, hash) => holdsRsa(key, hash ?? 'sha256', message, signature),
  };
}

function ecKey(name: string, point: Uint8Array): PublicKey {
  const known = CURVES[name];
  if (!known) throw new Error('a key on a curve not known here');
  const { algorithm, namedCurve, curve } = known;
  curve.Point.fromBytes(point).assertValidity();
  return {
    algorithm,
    asymmetricKeyDetails: { namedCurve },
    point,
    verify(message, signature, hash) {
      const digest = hashOf(hash ?? 'sha256')(message);
      try {
        return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
      } catch {
        return false; // bytes that are no signature
      }
    },
  };
}

function edKey(key: Uint8Array): PublicKey {
  if (key.length !== 32) throw new Error('not an Ed25519 key');
  return {
    algorithm: 'Ed25519',
    asymmetricKeyDetails: {},
    point: key,
    verify(message, signature, hash) {
      if (hash !== null) throw new Error('Ed25519 brings its own hash');
      try {
        return signature.length === 64 && ed25519.verify(signature, message, key, { zip215: false });
      } catch {
        return false; // a key or signature that is no point
      }
    },
  };
}
