import {
  type Bundle,
  type SerializedBundle,
  type TransparencyLogEntry,
  bundleFromJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
} from '@sigstore/bundle';
import { X509Certificate, crypto } from '@sigstore/core';
import type { SignedEntity } from '@sigstore/verify';
import { Refusal } from '../../checks/check';
import type { Reason } from '../../checks/reasons';
import { STATEMENT_MEDIA_TYPE } from '../dsse';
import type { Trust, TrustedKey } from '../verify-bundle';
import { signedContent } from './signed-content';

const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

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
  /** Why its step passed. */
  reason: Reason;
};

/** Reads a bundle and finds whose key it is to verify with. @throws Refusal, and what the library throws for what is no bundle. */
export function openEnvelope(bundleJson: unknown, { keys }: Trust): Opened {
  if (typeof bundleJson !== 'object' || bundleJson === null || Array.isArray(bundleJson))
    throw new Refusal({ code: 'not-an-object' });
  // bundleFromJSON validates what it is given; its parameter type only names the fields.
  const bundle = bundleFromJSON(bundleJson as SerializedBundle);
  if (!isBundleWithDsseEnvelope(bundle)) throw new Refusal({ code: 'bare-signature' });
  const logEntries: readonly TransparencyLogEntry[] = bundle.verificationMaterial.tlogEntries;
  const { payloadType, signatures } = bundle.content.dsseEnvelope;
  expectSame('payload-type', STATEMENT_MEDIA_TYPE, payloadType);
  expectSame('signatures', '1', String(signatures.length));
  const entity = (hint: string): SignedEntity => ({
    signature: signedContent(bundle.content.dsseEnvelope),
    key: { $case: 'public-key', hint },
    tlogEntries: [],
    timestamps: [],
  });

  if (!isBundleWithPublicKey(bundle)) {
    const certificate = X509Certificate.parse(leafOf(bundle));
    const reason: Reason = { code: 'envelope-by-certificate', mediaType: bundle.mediaType };
    return {
      bundle,
      logEntries,
      key: crypto.createPublicKey(certificate.publicKey),
      hint: '',
      validUntil: null,
      certificate,
      entity: entity(''),
      reason,
    };
  }
  const { hint } = bundle.verificationMaterial.content.publicKey;
  const keyid = signatures[0]?.keyid ?? '';
  // A hint is unauthenticated, and any word: it says which key to try first, not which to trust.
  const named =
    keys.find((candidate) => candidate.hint === hint) ??
    keys.find((candidate) => digestNames(candidate).includes(hint));
  const isNamed = (candidate: TrustedKey) => candidate === named;
  const key =
    [...keys]
      .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
      .find((candidate) => isSignedWith(candidate, entity(hint))) ?? named;
  if (!key) throw new Refusal({ code: 'unknown-key', hint, known: keys.map((known) => known.hint) });
  if (key === named && isOurs(hint)) {
    expectSame('media-type', BUNDLE_MEDIA_TYPE, bundle.mediaType);
    expectSame('keyid', hint, keyid);
  }
  const reason: Reason = {
    code: 'envelope-by-key',
    mediaType: bundle.mediaType,
    hint,
    keyid,
    tried: key === named ? null : key.hint,
  };
  return {
    bundle,
    logEntries,
    key: crypto.createPublicKey(spkiOf(key)),
    hint: key.hint,
    validUntil: key.validUntil ?? null,
    certificate: null,
    entity: entity(hint),
    reason,
  };
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
  if (!base64) throw new Refusal({ code: 'unusable-key' });
  return Buffer.from(base64, 'base64');
}

function leafOf({ verificationMaterial: { content } }: Bundle): Buffer<ArrayBuffer> {
  const bytes =
    content.$case === 'certificate'
      ? content.certificate.rawBytes
      : content.$case === 'x509CertificateChain'
        ? content.x509CertificateChain.certificates[0]?.rawBytes
        : undefined;
  if (!bytes) throw new Refusal({ code: 'neither-key-nor-certificate' });
  return Buffer.from(bytes);
}

function expectSame(
  part: 'payload-type' | 'signatures' | 'media-type' | 'keyid',
  expected: string,
  found: string,
): void {
  if (expected !== found) throw new Refusal({ code: 'envelope-differs', part, expected, found });
}
