import { type Bundle, type SerializedBundle, type TransparencyLogEntry, bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey } from '@sigstore/bundle';
import { X509Certificate, crypto } from '@sigstore/core';
import type { SignedEntity } from '@sigstore/verify';
import { STATEMENT_MEDIA_TYPE } from '../dsse';
import type { Trust, TrustedKey } from '../verify-bundle';
import { signedContent } from './signed-content';

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export type Opened = {
  bundle: Bundle;
  logEntries: readonly TransparencyLogEntry[];
  /** The key the signature has to verify with: one we trust, or that of the certificate, which is not proven yet. */
  key: crypto.KeyObject;
  /** Name of the key we trust; empty for a certificate. */
  hint: string;
  /** When that key was taken out of use, RFC 3339; null while it is in use, and for a certificate. */
  validUntil: string | null;
  certificate: X509Certificate | null;
  /** As if signed with that key, without timestamps and log entries. */
  entity: SignedEntity;
  detail: string;
};

/** Reads a bundle and finds whose key it is to verify with. @throws Error saying what was expected and found. */
export function openEnvelope(bundleJson: unknown, { keys }: Trust): Opened {
  if (typeof bundleJson !== 'object' || bundleJson === null || Array.isArray(bundleJson)) throw new Error('expected a bundle, a JSON object');
  // bundleFromJSON validates what it is given; its parameter type only names the fields.
  const bundle = bundleFromJSON(bundleJson as SerializedBundle);
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error('the bundle holds a bare signature, not a DSSE envelope');
  const logEntries: readonly TransparencyLogEntry[] = bundle.verificationMaterial.tlogEntries;
  const { payloadType, signatures } = bundle.content.dsseEnvelope;
  expectSame('payload type', STATEMENT_MEDIA_TYPE, payloadType);
  expectSame('number of signatures', '1', String(signatures.length));
  const entity = (hint: string): SignedEntity => ({ signature: signedContent(bundle.content.dsseEnvelope), key: { $case: 'public-key', hint }, tlogEntries: [], timestamps: [] });

  if (!isBundleWithPublicKey(bundle)) {
    const certificate = X509Certificate.parse(leafOf(bundle));
    const detail = `${bundle.mediaType}, one signature, with a certificate`;
    return { bundle, logEntries, key: crypto.createPublicKey(certificate.publicKey), hint: '', validUntil: null, certificate, entity: entity(''), detail };
  }
  const { hint } = bundle.verificationMaterial.content.publicKey;
  const keyid = signatures[0]?.keyid ?? '';
  // A hint is unauthenticated, and any word: it says which key to try first, not which to believe.
  const named = keys.find((candidate) => candidate.hint === hint) ?? keys.find((candidate) => digestNames(candidate).includes(hint));
  const isNamed = (candidate: TrustedKey) => candidate === named;
  const key = [...keys].toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a))).find((candidate) => isSignedWith(candidate, entity(hint))) ?? named;
  if (!key) throw new Error(`the bundle names key ${hint || 'none'}, and the signature verifies with none of those known: ${keys.map((known) => known.hint).join(', ') || 'none'}`);
  if (key === named && isOurs(hint)) {
    expectSame('media type', BUNDLE_MEDIA_TYPE, bundle.mediaType);
    expectSame('DSSE keyid', hint, keyid);
  }
  const names = keyid === hint && hint !== '' ? `keyid and hint both ${hint}` : `hint ${hint || 'none'}, keyid ${keyid || 'none'}`;
  const tried = key === named ? '' : `, which is no name of the key ${key.hint} that was tried`;
  return { bundle, logEntries, key: crypto.createPublicKey(spkiOf(key)), hint: key.hint, validUntil: key.validUntil ?? null, certificate: null, entity: entity(hint), detail: `${bundle.mediaType}, one signature, ${names}${tried}` };
}

function isSignedWith(candidate: TrustedKey, { signature }: SignedEntity): boolean {
  try {
    return signature.verifySignature(crypto.createPublicKey(spkiOf(candidate)));
  } catch {
    return false; // a key of another kind
  }
}

/** Bundles of Sealtrail name keys by their SSH fingerprint, twice and alike; other tools have other ways. */
function isOurs(hint: string): boolean {
  return hint.startsWith('SHA256:');
}

/** How nono (hex) and cosign (base64) name a key: by the SHA-256 of its SPKI. */
function digestNames(key: TrustedKey): string[] {
  const digest = crypto.digest('sha256', spkiOf(key));
  return [digest.toString('hex'), digest.toString('base64')];
}

/** The DER inside a PEM. @throws Error. */
function spkiOf({ publicKeyPem }: TrustedKey): Buffer {
  const base64 = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(publicKeyPem)?.[1];
  if (!base64) throw new Error('the public key is no PEM of an SPKI');
  return Buffer.from(base64, 'base64');
}

function leafOf({ verificationMaterial: { content } }: Bundle): Buffer<ArrayBuffer> {
  const bytes = content.$case === 'certificate' ? content.certificate.rawBytes : content.$case === 'x509CertificateChain' ? content.x509CertificateChain.certificates[0]?.rawBytes : undefined;
  if (!bytes) throw new Error('the bundle names neither a key nor a certificate');
  return Buffer.from(bytes);
}

function expectSame(what: string, expected: string, found: string): void {
  if (expected !== found) throw new Error(`${what}: expected ${expected || 'none'}, found ${found || 'none'}`);
}
